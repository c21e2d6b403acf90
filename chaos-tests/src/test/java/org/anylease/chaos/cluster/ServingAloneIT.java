package org.anylease.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.anylease.tools.fleet.Fleet;
import org.anylease.tools.fleet.FleetClient;
import org.anylease.tools.fleet.FleetRelay;
import org.anylease.tools.fleet.History;
import org.anylease.tools.local.AdminReader;
import org.anylease.tools.local.LocalCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One server of three, left alone: it serves known clients (R2) and new ones (R3), also after a restart, and heals. */
class ServingAloneIT {
    private static final int KNOWN = 40;
    private static final int NEW = 12;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String NETWORKS = """
          lab:
            subnets:
              10.78.0.0/16: { pools: [10.78.1.0-10.78.40.255], lease: 1h }
        """;

    private static final LocalCluster.Shape SHAPE =
            new LocalCluster.Shape(3, NETWORKS, "probe: { enabled: false }\n", List.of("-Xmx256m", "-XX:+UseSerialGC"));

    @TempDir
    private Path directory;

    private final History history = new History();

    @Test
    void servesKnownAndNewClientsAloneAlsoAfterARestartAndHealsByItself() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, SHAPE);
                FleetRelay relay = new FleetRelay(cluster.relayAddress(), InetAddress.getByName("10.78.0.0"));
                Fleet fleet = Fleet.of(KNOWN + NEW, relay, client -> cluster.site(1), history, new Random(1))) {
            cluster.startAll();
            Fleet known = new Fleet(fleet.clients().subList(0, KNOWN));
            Fleet strangers = new Fleet(fleet.clients().subList(KNOWN, KNOWN + NEW));
            known.each(KNOWN, FleetClient::bind);
            try (AdminReader admin = new AdminReader(cluster.admin(1))) {
                admin.await("/v1/pools", pools -> escrowed(pools.toString()), PATIENCE);
            }
            cluster.kill(2);
            cluster.kill(3);
            int before = history.acks().size();
            Instant alone = Instant.now();
            known.each(KNOWN, FleetClient::renew);
            strangers.each(NEW, FleetClient::bind);
            assertThat(history.acks()).hasSize(before + KNOWN + NEW);
            System.out.printf(
                    "alone of three: %d leases extended and %d new clients served in %d ms%n",
                    KNOWN, NEW, Duration.between(alone, Instant.now()).toMillis());
            cluster.kill(1);
            cluster.start(1);
            fleet.each(KNOWN + NEW, FleetClient::renew);
            assertThat(history.acks()).hasSize(before + 2 * (KNOWN + NEW));
            assertThat(history.unanswered()).isEmpty();
            Instant healing = Instant.now();
            cluster.start(2);
            cluster.start(3);
            everyAckIsListedEverywhere(cluster);
            System.out.printf(
                    "healed, with equal digests, %d ms after the others started%n",
                    Duration.between(healing, Instant.now()).toMillis());
            fleet.each(KNOWN + NEW, FleetClient::renew);
            assertThat(history.naks()).isEmpty();
            assertThat(history.doublePromises(Duration.ofMillis(100))).isEmpty();
        }
    }

    @Test
    void siteThatIsCutOffServesItsClientsWhileTheOthersServeTheirsAndHealsByItself() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, SHAPE);
                FleetRelay relay = new FleetRelay(cluster.relayAddress(), InetAddress.getByName("10.78.0.0"));
                Fleet fleet = Fleet.of(
                        KNOWN + NEW, relay, client -> cluster.site(client % 2 == 0 ? 1 : 3), history, new Random(2))) {
            cluster.layWires();
            cluster.startAll();
            Fleet known = new Fleet(fleet.clients().subList(0, KNOWN));
            Fleet strangers = new Fleet(fleet.clients().subList(KNOWN, KNOWN + NEW));
            known.each(KNOWN, FleetClient::bind);
            try (AdminReader admin = new AdminReader(cluster.admin(1))) {
                admin.await("/v1/pools", pools -> escrowed(pools.toString()), PATIENCE);
            }
            cluster.cutOff(3);
            Instant cut = Instant.now();
            known.each(KNOWN, FleetClient::renew);
            strangers.each(NEW, FleetClient::bind);
            System.out.printf(
                    "one site of three cut off: clients on both sides served in %d ms, %d of them new%n",
                    Duration.between(cut, Instant.now()).toMillis(), NEW);
            assertThat(history.unanswered()).isEmpty();
            try (AdminReader admin = new AdminReader(cluster.admin(3))) {
                admin.await("/v1/cells/default", cell -> cell.toString().contains("\"partitioned\""), PATIENCE);
            }
            Instant mended = Instant.now();
            cluster.join(3);
            everyAckIsListedEverywhere(cluster);
            System.out.printf(
                    "healed, with equal digests, %d ms after the network%n",
                    Duration.between(mended, Instant.now()).toMillis());
            fleet.each(KNOWN + NEW, FleetClient::renew);
            assertThat(history.unanswered()).isEmpty();
            assertThat(history.naks()).isEmpty();
            assertThat(history.doublePromises(Duration.ofMillis(100))).isEmpty();
        }
    }

    private static boolean escrowed(String pools) {
        var counts = Pattern.compile("\"escrowed\":(\\d+)").matcher(pools);
        return counts.find() && Integer.parseInt(counts.group(1)) >= 3 * 16;
    }

    private void everyAckIsListedEverywhere(LocalCluster cluster) throws IOException, InterruptedException {
        SortedMap<String, String> held = new TreeMap<>();
        history.acks().forEach(ack -> held.put(ack.address(), ack.mac()));
        for (int site : cluster.sites()) {
            try (AdminReader admin = new AdminReader(cluster.admin(site))) {
                admin.awaitAgreement(3, PATIENCE);
                assertThat(admin.activeLeases()).as("at site " + site).containsAllEntriesOf(held);
            }
        }
    }
}
