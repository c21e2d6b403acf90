package org.anylease.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Prefix;
import org.anylease.store.cell.CellId;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.CellTimers;
import org.anylease.store.config.ReplySettings;
import org.anylease.store.config.SharedNetwork;
import org.anylease.store.config.Subnet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The plan finds the longest prefix, compared with a look at every prefix. */
final class ServingPlanTest {
    private static CellConfig cell(String name, List<Prefix> prefixes) {
        List<SharedNetwork> networks = new ArrayList<>();
        for (Prefix prefix : prefixes) {
            Subnet subnet = new Subnet(prefix, List.of(), List.of(), ReplySettings.NONE, Configs.TIMES);
            networks.add(new SharedNetwork(name + " " + prefix, List.of(subnet), ReplySettings.NONE, Configs.policy()));
        }
        Duration any = Duration.ofHours(1);
        return new CellConfig(
                new CellId(name),
                1,
                Configs.SERVICE,
                List.of(),
                List.of(),
                new CellTimers(any, any, any, any, any),
                ReplySettings.NONE,
                networks);
    }

    private static @Nullable Prefix naive(List<Prefix> prefixes, Ipv4 address) {
        Prefix longest = null;
        for (Prefix prefix : prefixes) {
            if (prefix.contains(address) && (longest == null || prefix.length() > longest.length())) {
                longest = prefix;
            }
        }
        return longest;
    }

    private static @Nullable Prefix found(ServingPlan plan, Ipv4 address) {
        ServedSubnet subnet = plan.subnetOf(address);
        return subnet == null ? null : subnet.prefix();
    }

    @Test
    void findsTheLongestPrefixAroundAnyAddress() {
        for (int seed = 0; seed < 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            // Few bits, at either end of the address space, so that prefixes nest and touch.
            int high = random.nextBoolean() ? 0xffff_ff00 : 0;
            List<Prefix> prefixes = new ArrayList<>();
            for (int i = random.nextInt(12); i > 0; i--) {
                int length = random.nextInt(24, 33);
                int mask = length == 32 ? -1 : ~(-1 >>> length);
                Prefix prefix = new Prefix(new Ipv4((high | random.nextInt(256)) & mask), length);
                if (!prefixes.contains(prefix)) {
                    prefixes.add(prefix);
                }
            }
            if (random.nextInt(10) == 0) {
                prefixes.add(new Prefix(Ipv4.UNSPECIFIED, 0));
            }
            ServingPlan plan = ServingPlan.of(List.of(cell("c", prefixes)), ReplySettings.NONE);
            for (int host = 0; host < 256; host++) {
                Ipv4 address = new Ipv4(high | host);
                assertThat(found(plan, address))
                        .as("seed %s, %s in %s", seed, address, prefixes)
                        .isEqualTo(naive(prefixes, address));
            }
            assertThat(found(plan, new Ipv4(~high))).isEqualTo(naive(prefixes, new Ipv4(~high)));
        }
    }

    @Test
    void leavesAPrefixThatTwoCellsHaveToTheFirst() {
        List<Prefix> both = List.of(Prefix.parse("10.0.0.0/24"));
        ServingPlan plan = ServingPlan.of(List.of(cell("c1", both), cell("c2", both)), ReplySettings.NONE);
        assertThat(plan.overlapping()).containsExactly(new CellId("c2"));
        ServedSubnet subnet = plan.subnetOf(Ipv4.parse("10.0.0.7"));
        assertThat(subnet).isNotNull();
        assertThat(subnet.network().cell().id()).isEqualTo(new CellId("c1"));
    }

    @Test
    void servesNothingBeforeItIsConfigured() {
        assertThat(ServingPlan.NONE.subnetOf(Ipv4.BROADCAST)).isNull();
    }
}
