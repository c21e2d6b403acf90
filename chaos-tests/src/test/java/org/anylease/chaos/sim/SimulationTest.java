package org.anylease.chaos.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A thousand seeds, every one a run; {@code -Dsim.seeds=100000} for a night. */
class SimulationTest {
    private static final long SEEDS = Long.getLong("sim.seeds", 1_000);

    @Test
    void holdsEveryInvariantInEverySeed() {
        Campaign campaign = new Campaign();
        List<SimulationFailed> failed = new ArrayList<>();
        campaign.run(1, SEEDS, Runtime.getRuntime().availableProcessors(), new Campaign.Listener() {
            @Override
            public boolean failed(SimulationFailed how) {
                failed.add(how);
                return false;
            }

            @Override
            public void ran() {
                // Counted by the campaign.
            }
        });
        if (!failed.isEmpty()) {
            throw failed.getFirst();
        }
        System.out.println("simulation: " + campaign.summary());
        assertThat(campaign.counts())
                .as("what a run through all seeds must have met, or it proves little")
                .containsKeys(
                        "REQUEST_ACKNOWLEDGED",
                        "REQUEST_RENEWING",
                        "REQUEST_REBINDING",
                        "REQUEST_INIT_REBOOT",
                        "REQUEST_NAK_TAKEN",
                        "RELEASE_RECEIVED",
                        "DECLINE_RECEIVED",
                        "PROBE_ANSWERED",
                        "PROBE_LOCAL_ERROR",
                        "DISCOVER_POOL_EXHAUSTED",
                        "CLIENT_ALTERNATES",
                        "LOG_UNKNOWN",
                        "QUORUM_LOST",
                        "QUORUM_FOUND",
                        "elections",
                        "snapshots",
                        "reports",
                        "alone R2_EXTENSION HELD",
                        "alone R3_ESCROW HELD");
    }

    @Test
    void holdsEveryInvariantInSeedsThatOnceFailed() throws IOException {
        for (long seed : seedsThatOnceFailed()) {
            assertThat(new Simulation(seed).run().events()).isPositive();
        }
    }

    private static List<Long> seedsThatOnceFailed() throws IOException {
        List<Long> seeds = new ArrayList<>();
        try (InputStream in = Objects.requireNonNull(SimulationTest.class.getResourceAsStream("/seeds.txt"))) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                String seed = line.replaceFirst("#.*", "").trim();
                if (!seed.isEmpty()) {
                    seeds.add(Long.parseLong(seed));
                }
            }
        }
        return seeds;
    }

    @Test
    void runsASeedTwiceAlike() {
        for (long seed : new long[] {1, 2, 3, 77, 4_711, 123_456_789}) {
            List<String> first = new ArrayList<>();
            List<String> second = new ArrayList<>();
            SimulationReport one = new Simulation(seed, Tampering.NONE, first::add).run();
            SimulationReport other = new Simulation(seed, Tampering.NONE, second::add).run();
            assertThat(second).isEqualTo(first);
            assertThat(other).isEqualTo(one);
            assertThat(one.trace()).isNotEqualTo(new Simulation(seed + 1).run().trace());
        }
    }

    @Test
    void tracesAlikeWhetherTextIsKeptOrNot() {
        assertThat(new Simulation(5).run().trace())
                .isEqualTo(new Simulation(5, Tampering.NONE, _ -> {}).run().trace());
    }
}
