package org.anylease.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
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

/** Servers killed (SIGKILL) one after the other, and all at once, while a fleet of clients is at work. */
class KilledServersIT {
    private static final int CLIENTS = 60;
    private static final Duration GAP_AIM = Duration.ofSeconds(1);
    private static final Duration GAP_MAX = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration SLACK = Duration.ofMillis(100);
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
    private final AtomicInteger routedTo = new AtomicInteger(1);

    @Test
    void noAckIsLostWhateverIsKilled() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, SHAPE);
                FleetRelay relay = new FleetRelay(cluster.relayAddress(), InetAddress.getByName("10.78.0.0"));
                Fleet fleet = fleet(cluster, relay)) {
            cluster.startAll();
            fleet.each(CLIENTS, FleetClient::bind);
            Fleet.Running atWork = fleet.repeat(KilledServersIT::work);
            int leader = cluster.leader(PATIENCE);
            kill(cluster, leader, "the leader");
            for (int site : cluster.sites()) {
                if (site != leader) {
                    kill(cluster, site, "a follower or the next leader");
                }
            }
            cutPower(cluster, atWork);
            everyAckIsListedEverywhere(cluster);
            fleet.each(CLIENTS, client -> {
                if (client.address().isPresent()) {
                    client.renew();
                }
            });
            everyAckIsListedEverywhere(cluster);
            noPromiseWasBroken();
        }
    }

    /** Half of what the clients are told they are told while the server is away; its vote is needed at the end. */
    @Test
    void serverWhoseDiskIsLostComesBackCatchesUpAndVotes() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, SHAPE);
                FleetRelay relay = new FleetRelay(cluster.relayAddress(), InetAddress.getByName("10.78.0.0"));
                Fleet fleet = fleet(cluster, relay)) {
            cluster.startAll();
            fleet.each(CLIENTS, client -> bindIf(client, 0));
            int wiped = cluster.leader(PATIENCE);
            cluster.kill(wiped);
            DurableFile.deleteTree(cluster.dataDirectory(wiped));
            int other = wiped % 3 + 1;
            routedTo.set(other);
            fleet.each(CLIENTS, client -> bindIf(client, 1));
            Instant started = Instant.now();
            cluster.start(wiped);
            awaitAgreement(cluster);
            System.out.printf(
                    "a server without its disk served and agreed %d ms after its start%n",
                    Duration.between(started, Instant.now()).toMillis());
            everyAckIsListedEverywhere(cluster);
            cluster.kill(other);
            routedTo.set(wiped);
            fleet.each(CLIENTS, FleetClient::renew);
            cluster.start(other);
            everyAckIsListedEverywhere(cluster);
            noPromiseWasBroken();
            assertThat(history.naks()).isEmpty();
            assertThat(history.unanswered()).isEmpty();
        }
    }

    private static void bindIf(FleetClient client, int half) throws IOException, InterruptedException {
        if ((client.mac().hashCode() & 1) == half) {
            client.bind();
        }
    }

    private Fleet fleet(LocalCluster cluster, FleetRelay relay) {
        return Fleet.of(CLIENTS, relay, client -> cluster.site(routedTo.get()), history, new Random(1));
    }

    /** A client renews; one in three gives its address back now and then and takes a new one. */
    private static void work(FleetClient client) throws IOException, InterruptedException {
        TimeUnit.MILLISECONDS.sleep(150);
        if (client.address().isEmpty()) {
            client.bind();
        } else if (client.mac().hashCode() % 3 == 0 && System.nanoTime() % 7 == 0) {
            client.release();
        } else {
            client.renew();
        }
    }

    private void kill(LocalCluster cluster, int site, String role) throws Exception {
        int heir = site % 3 + 1;
        routedTo.set(heir);
        awaitAllServed(heir);
        Instant killed = Instant.now();
        cluster.kill(site);
        awaitAllServed(heir);
        awaitAllServed(heir);
        report("kill -9 of " + LocalCluster.serverName(site) + ", " + role, killed, Instant.now());
        cluster.start(site);
        awaitAgreement(cluster);
    }

    /** Waits until every client has been answered by a site from now on: whatever was under way before is over. */
    private void awaitAllServed(int site) {
        Instant from = Instant.now();
        String server = LocalCluster.siteName(site);
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(() -> assertThat(history.acks().stream()
                                .filter(ack ->
                                        ack.site().equals(server) && !ack.at().isBefore(from))
                                .map(History.Acked::client)
                                .distinct()
                                .count())
                        .isEqualTo(CLIENTS));
    }

    /** All servers at once, and the clients stop: whatever is listed afterwards was on the disks. */
    private static void cutPower(LocalCluster cluster, Fleet.Running atWork) throws Exception {
        Thread stopping = Thread.ofVirtual().start(() -> {
            try {
                atWork.stop();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Instant killed = Instant.now();
        for (int site : cluster.sites()) {
            cluster.kill(site);
        }
        cluster.startAll();
        System.out.printf(
                "kill -9 of all three at once: all three serve again %d ms later%n",
                Duration.between(killed, Instant.now()).toMillis());
        stopping.join();
    }

    private void report(String what, Instant from, Instant to) {
        Duration gap = history.longestSilence(from, to);
        System.out.printf(
                "%s: no client was answered for %d ms at most (aim %d, fault above %d)%n",
                what, gap.toMillis(), GAP_AIM.toMillis(), GAP_MAX.toMillis());
        assertThat(gap).as(what).isLessThan(GAP_MAX);
    }

    private static void awaitAgreement(LocalCluster cluster) throws Exception {
        try (AdminReader admin = new AdminReader(cluster.admin(1))) {
            admin.awaitAgreement(3, Duration.ofMinutes(1));
        }
    }

    /** Every promise that a client has received and has not given back is in the list of every site. */
    private void everyAckIsListedEverywhere(LocalCluster cluster) throws Exception {
        awaitAgreement(cluster);
        SortedMap<String, String> held = held();
        assertThat(held).hasSizeGreaterThan(CLIENTS / 3);
        for (int site : cluster.sites()) {
            try (AdminReader admin = new AdminReader(cluster.admin(site))) {
                SortedMap<String, String> listed = admin.activeLeases();
                assertThat(listed).as(LocalCluster.serverName(site)).containsAllEntriesOf(held);
            }
        }
    }

    /** Address to hardware address, by what the clients saw. */
    private SortedMap<String, String> held() {
        TreeMap<String, History.Acked> last = new TreeMap<>();
        for (History.Seen seen : history.all()) {
            switch (seen) {
                case History.Acked ack -> last.put(ack.address(), ack);
                case History.Released _, History.Naked _ ->
                    last.values().removeIf(ack -> ack.client() == seen.client());
                case History.Unanswered _ -> {}
            }
        }
        TreeMap<String, String> held = new TreeMap<>();
        last.values().forEach(ack -> held.put(ack.address(), ack.mac()));
        return held;
    }

    private void noPromiseWasBroken() {
        assertThat(history.doublePromises(SLACK)).isEmpty();
        System.out.printf(
                "%d ACKs, %d NAKs, %d requests unanswered after all retransmissions; every lease held is listed at all"
                        + " sites, digests equal%n",
                history.acks().size(),
                history.naks().size(),
                history.unanswered().size());
    }
}
