package org.anylease.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.anylease.raft.disk.DurableFile;
import org.anylease.tools.fleet.Fleet;
import org.anylease.tools.fleet.FleetClient;
import org.anylease.tools.fleet.FleetRelay;
import org.anylease.tools.fleet.History;
import org.anylease.tools.local.AdminReader;
import org.anylease.tools.local.LocalCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that was away for longer than the others' logs reach back, or comes without a disk, gets a snapshot. */
class LongAbsenceIT {
    private static final int CLIENTS = 40;
    private static final int SNAPSHOTS_AWAITED = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration SLACK = Duration.ofMillis(100);
    private static final String NETWORKS = """
          lab:
            subnets:
              10.78.0.0/16: { pools: [10.78.1.0-10.78.4.255], lease: 1h }
        """;

    /** The log is cut in whole segments, an eighth of its size each: some hundred entries here. */
    private static final LocalCluster.Shape SHAPE = new LocalCluster.Shape(
            3,
            NETWORKS,
            "probe: { enabled: false }\n",
            "snapshots: { entries: 400, log-size: 256KiB }\n",
            // With the servers' own logging, whose events are awaited here, and not that of tests.
            List.of("-Xmx256m", "-XX:+UseSerialGC", "-Dlogback.configurationFile=logback.xml"));

    @TempDir
    private Path directory;

    private final History history = new History();
    private final AtomicInteger routedTo = new AtomicInteger(1);

    @Test
    void anAbsentServerAndAnEmptyOneCatchUpFromASnapshotWhileTheOthersServe() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, SHAPE);
                FleetRelay relay = new FleetRelay(cluster.relayAddress(), InetAddress.getByName("10.78.0.0"));
                Fleet fleet = fleet(cluster, relay)) {
            cluster.startAll();
            fleet.each(CLIENTS, FleetClient::bind);
            int absent = follower(cluster);
            int present = absent % 3 + 1;
            routedTo.set(present);
            cluster.kill(absent);
            Fleet.Running atWork = fleet.repeat(LongAbsenceIT::work);
            awaitSnapshots(cluster, absent);
            comeBack(cluster, absent, "a server that was away");

            cluster.kill(absent);
            DurableFile.deleteTree(cluster.dataDirectory(absent));
            comeBack(cluster, absent, "a server without its disk");
            atWork.stop();

            try (AdminReader admin = new AdminReader(cluster.admin(absent))) {
                admin.awaitAgreement(3, PATIENCE);
                assertThat(admin.activeLeases()).hasSize(CLIENTS);
            }
            routedTo.set(absent);
            fleet.each(CLIENTS, FleetClient::renew);
            assertThat(history.doublePromises(SLACK)).isEmpty();
            assertThat(history.naks()).isEmpty();
            assertThat(history.unanswered()).isEmpty();
        }
    }

    private Fleet fleet(LocalCluster cluster, FleetRelay relay) {
        List<FleetClient> clients = new ArrayList<>();
        Random random = new Random(1);
        for (int number = 1; number <= CLIENTS; number++) {
            clients.add(new FleetClient(
                    number,
                    relay,
                    client -> cluster.site(routedTo.get()),
                    history,
                    FleetClient.Patience.SHORT,
                    random));
        }
        return new Fleet(clients);
    }

    private static void work(FleetClient client) throws IOException, InterruptedException {
        TimeUnit.MILLISECONDS.sleep(10);
        client.renew();
    }

    private static int follower(LocalCluster cluster) throws Exception {
        try (AdminReader admin = new AdminReader(cluster.admin(1))) {
            String leader = admin.await(
                            "/v1/cells",
                            answer ->
                                    answer.path("cells").path(0).path("leader").isTextual(),
                            PATIENCE)
                    .path("cells")
                    .path(0)
                    .path("leader")
                    .asText();
            return cluster.sites().stream()
                    .filter(site -> !LocalCluster.serverName(site).equals(leader))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Whoever leads then has dropped what the absent server needs: each snapshot cuts the log before it. */
    private static void awaitSnapshots(LocalCluster cluster, int absent) throws Exception {
        for (int site : cluster.sites()) {
            if (site != absent) {
                AtomicInteger taken = new AtomicInteger();
                cluster.server(site)
                        .process()
                        .awaitLine(
                                0,
                                line -> line.contains("snapshot-taken") && taken.incrementAndGet() == SNAPSHOTS_AWAITED,
                                PATIENCE);
            }
        }
    }

    /** Starts the server while the fleet is at work, and sees it get a snapshot and the rest. */
    private void comeBack(LocalCluster cluster, int absent, String who) throws Exception {
        Instant started = Instant.now();
        cluster.start(absent);
        cluster.server(absent).process().awaitLine(0, line -> line.contains("snapshot-installed"), PATIENCE);
        Duration installed = Duration.between(started, Instant.now());
        Duration gap = history.longestSilence(started, Instant.now());
        System.out.printf(
                "%s serves and has its snapshot %d ms after its start; meanwhile no client waited for more than %d"
                        + " ms%n",
                who, installed.toMillis(), gap.toMillis());
        assertThat(gap).as("the others serve meanwhile").isLessThan(Duration.ofSeconds(5));
    }
}
