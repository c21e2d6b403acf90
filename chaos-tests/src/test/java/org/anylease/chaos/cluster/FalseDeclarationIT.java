package org.anylease.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.anylease.tools.fleet.Fleet;
import org.anylease.tools.fleet.FleetClient;
import org.anylease.tools.fleet.FleetRelay;
import org.anylease.tools.fleet.History;
import org.anylease.tools.local.AdminReader;
import org.anylease.tools.local.LocalCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The one way to promise an address twice: an operator vouches that a server is off, and it is not. The servers find the
 * conflict when they meet again, list it, let nobody keep the address, and tell the later client.
 */
class FalseDeclarationIT {
    private static final int AT_THE_CUT_OFF_SITE = 3;
    private static final int AT_THE_OTHERS = 30;
    private static final int SET_ASIDE = 9;
    /** A promise that is over when the servers meet again is none any more. */
    private static final Duration LEFT_AT_LEAST = Duration.ofSeconds(3);

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final LocalCluster.Shape SHAPE =
            new LocalCluster.Shape(3, """
                  lab:
                    subnets:
                      10.79.0.0/24: { pools: [10.79.0.10-10.79.0.29], lease: 6s }
                """, """
                    probe: { enabled: false }
                    min-lease: 2s
                    max-lease: 6s
                    timers: { mclt: 4s, clock-skew: 1s, offer-hold: 2s, quarantine: 60s }
                    escrow: { floor: 4 }
                    """, List.of("-Xmx256m", "-XX:+UseSerialGC"));

    @TempDir
    private Path directory;

    private final History history = new History();

    @Test
    void findsWhatWasPromisedTwiceListsItAndTellsTheLaterClient() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, SHAPE);
                FleetRelay relay = new FleetRelay(cluster.relayAddress(), InetAddress.getByName("10.79.0.0"));
                Fleet cutOff = Fleet.of(AT_THE_CUT_OFF_SITE, relay, client -> cluster.site(3), history, new Random(3));
                Fleet others = Fleet.from(
                        AT_THE_CUT_OFF_SITE + 1,
                        AT_THE_OTHERS,
                        relay,
                        client -> cluster.site(1),
                        history,
                        new Random(4));
                AdminReader admin = new AdminReader(cluster.admin(1))) {
            cluster.layWires();
            cluster.startAll();
            admin.await("/v1/pools", pools -> escrowed(pools) >= SET_ASIDE, PATIENCE);
            cluster.cutOff(3);
            cutOff.each(AT_THE_CUT_OFF_SITE, FleetClient::bind);
            assertThat(history.acks()).hasSize(AT_THE_CUT_OFF_SITE);
            Fleet.Running there = cutOff.repeat(FalseDeclarationIT::hold);
            declareDown(cluster);
            Fleet.Running here = others.repeat(FalseDeclarationIT::hold);
            SortedSet<String> twice = awaitDoublePromise();

            cluster.join(3);
            JsonNode answer =
                    admin.await("/v1/conflicts", conflicts -> listed(conflicts).containsAll(twice), PATIENCE);
            there.stop();
            here.stop();
            System.out.printf("promised twice after a false declaration, and listed: %s%n", listed(answer));
            admin.awaitAgreement(3, PATIENCE);
            for (String address : twice) {
                assertThat(new Cli(cluster.admin(2))
                                .ok("lease", "explain", address)
                                .out())
                        .contains("abandoned");
                assertThat(history.naks()).anySatisfy(nak -> {
                    assertThat(nak.address()).isEqualTo(address);
                    assertThat(nak.client()).isEqualTo(laterClient(address));
                });
            }
            // It ends with 1 while there is something to see to.
            Cli.Run list = new Cli(cluster.admin(1)).run("conflict", "list").exits(1);
            assertThat(list.out()).contains(twice);
        }
    }

    /** That is refused while a server reaches the one in question, which it may do for a moment after the cut. */
    private static void declareDown(LocalCluster cluster) throws InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        Cli.Run run;
        do {
            TimeUnit.MILLISECONDS.sleep(200);
            run = new Cli(cluster.admin(1)).run("server", "declare-down", "dc3-a", "--fenced", "--yes");
        } while (run.exit() != 0 && Instant.now().isBefore(deadline));
        run.exits(0);
    }

    /** As a client does: it extends what it has, and asks for an address while it has none. */
    private static void hold(FleetClient client) throws IOException, InterruptedException {
        if (client.address().isEmpty()) {
            client.bind();
        } else {
            client.renew();
        }
        TimeUnit.MILLISECONDS.sleep(500);
    }

    private static int escrowed(JsonNode pools) {
        return pools.findValues("escrowed").stream().mapToInt(JsonNode::asInt).sum();
    }

    private static SortedSet<String> listed(JsonNode conflicts) {
        TreeSet<String> addresses = new TreeSet<>();
        conflicts
                .path("conflicts")
                .forEach(conflict -> addresses.add(conflict.path("address").asText()));
        return addresses;
    }

    private SortedSet<String> awaitDoublePromise() throws InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (true) {
            SortedSet<String> twice = promisedTwice();
            if (!twice.isEmpty()) {
                return twice;
            }
            assertThat(Instant.now()).as("nothing was promised twice").isBefore(deadline);
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    /** What clients of both sides hold at one time. One that cannot extend its lease alone loses the address to others. */
    private SortedSet<String> promisedTwice() {
        TreeSet<String> twice = new TreeSet<>();
        List<History.Acked> acks = history.acks();
        for (History.Acked one : acks) {
            for (History.Acked other : acks) {
                boolean bothSides = one.client() <= AT_THE_CUT_OFF_SITE && other.client() > AT_THE_CUT_OFF_SITE;
                boolean atOnce = one.at().plus(LEFT_AT_LEAST).isBefore(end(other))
                        && other.at().plus(LEFT_AT_LEAST).isBefore(end(one));
                if (bothSides && atOnce && one.address().equals(other.address())) {
                    twice.add(one.address());
                }
            }
        }
        return twice;
    }

    private static Instant end(History.Acked ack) {
        return ack.requested().plus(ack.lease());
    }

    /** Who was ever promised each address, and when first. */
    private Map<String, Map<Integer, Instant>> held() {
        Map<String, Map<Integer, Instant>> held = new TreeMap<>();
        for (History.Acked ack : history.acks()) {
            held.computeIfAbsent(ack.address(), _ -> new TreeMap<>()).putIfAbsent(ack.client(), ack.at());
        }
        return held;
    }

    private int laterClient(String address) {
        return held().getOrDefault(address, Map.of()).entrySet().stream()
                .max(Map.Entry.comparingByValue(Comparator.naturalOrder()))
                .orElseThrow()
                .getKey();
    }
}
