package org.anylease.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
    private static final Duration SLACK = Duration.ofMillis(100);
    private static final String NETWORKS = """
          lab:
            subnets:
              10.78.0.0/16: { pools: [10.78.1.0-10.78.40.255], lease: 1h }
        """;

    @TempDir
    private Path directory;

    private final History history = new History();
    private final AtomicInteger routedTo = new AtomicInteger(1);

    @Test
    void noAckIsLostWhateverIsKilled() throws Exception {
        LocalCluster.Shape shape = new LocalCluster.Shape(
                3, NETWORKS, "probe: { enabled: false }\n", List.of("-Xmx256m", "-XX:+UseSerialGC"));
        try (LocalCluster cluster = new LocalCluster(directory, shape);
                FleetRelay relay = new FleetRelay(cluster.relayAddress(), InetAddress.getByName("10.78.0.0"));
                Fleet fleet = fleet(cluster, relay)) {
            cluster.startAll();
            fleet.each(CLIENTS, FleetClient::bind);
            Fleet.Running atWork = fleet.repeat(KilledServersIT::work);
            int leader = leader(cluster);
            kill(cluster, leader, "the leader");
            for (int site : cluster.sites()) {
                if (site != leader) {
                    kill(cluster, site, "a follower or the next leader");
                }
            }
            killAll(cluster);
            atWork.stop();
            fleet.each(CLIENTS, FleetClient::renew);
            nothingAckedIsLost(cluster, fleet);
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

    /** A client renews; one in three gives its address back now and then and takes a new one. */
    private static void work(FleetClient client) throws java.io.IOException, InterruptedException {
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
        routedTo.set(site % 3 + 1);
        TimeUnit.SECONDS.sleep(1);
        Instant killed = Instant.now();
        cluster.kill(site);
        TimeUnit.SECONDS.sleep(6);
        report("kill -9 of " + LocalCluster.serverName(site) + ", " + role, killed, killed.plusSeconds(6));
        cluster.start(site);
        awaitAgreement(cluster);
    }

    private void killAll(LocalCluster cluster) throws Exception {
        Instant killed = Instant.now();
        for (int site : cluster.sites()) {
            cluster.kill(site);
        }
        cluster.startAll();
        Instant up = Instant.now();
        TimeUnit.SECONDS.sleep(4);
        report("kill -9 of all three at once, counted from when all serve again", up, up.plusSeconds(4));
        System.out.printf(
                "  all three served again %d ms after the kill%n",
                Duration.between(killed, up).toMillis());
        awaitAgreement(cluster);
    }

    private void report(String what, Instant from, Instant to) {
        Duration gap = history.longestSilence(from, to);
        System.out.printf(
                "%s: no client was answered for %d ms at most (aim %d, fault above %d)%n",
                what, gap.toMillis(), GAP_AIM.toMillis(), GAP_MAX.toMillis());
        assertThat(gap).as(what).isLessThan(GAP_MAX);
    }

    private static int leader(LocalCluster cluster) throws Exception {
        try (AdminReader admin = new AdminReader(cluster.admin(1))) {
            String name =
                    admin.get("/v1/cells").path("cells").path(0).path("leader").asText();
            return cluster.sites().stream()
                    .filter(site -> LocalCluster.serverName(site).equals(name))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void awaitAgreement(LocalCluster cluster) throws Exception {
        try (AdminReader admin = new AdminReader(cluster.admin(1))) {
            admin.awaitAgreement(3, Duration.ofSeconds(60));
        }
    }

    private void nothingAckedIsLost(LocalCluster cluster, Fleet fleet) throws Exception {
        awaitAgreement(cluster);
        TreeMap<String, String> held = new TreeMap<>();
        for (FleetClient client : fleet.clients()) {
            client.address().ifPresent(address -> held.put(address.getHostAddress(), client.mac()));
        }
        assertThat(held).hasSizeGreaterThan(CLIENTS / 2);
        TreeSet<String> lists = new TreeSet<>();
        for (int site : cluster.sites()) {
            try (AdminReader admin = new AdminReader(cluster.admin(site))) {
                TreeMap<String, String> leases = admin.activeLeases();
                lists.add(leases.toString());
                held.forEach((address, mac) -> assertThat(leases.get(address))
                        .as("%s at %s", address, LocalCluster.serverName(site))
                        .endsWith(mac));
            }
        }
        assertThat(lists).as("every site lists the same leases").hasSize(1);
        assertThat(history.doublePromises(SLACK)).isEmpty();
        System.out.printf(
                "%d ACKs, %d NAKs, %d requests unanswered after all retransmissions; every lease held is listed at all"
                        + " sites, digests equal%n",
                history.acks().size(),
                history.naks().size(),
                history.unanswered().size());
    }
}
