package org.anylease.tools.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.anylease.tools.fleet.Fleet;
import org.anylease.tools.fleet.FleetClient;
import org.anylease.tools.local.AdminReader;
import org.anylease.tools.local.LocalCluster;

/**
 * A site is cut off from all others with clients at work on both sides. It serves known ones by what is committed and
 * new ones out of its escrow, alone, and is healed: it commits what it promised, and all copies are the same again.
 */
final class CutOff {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration WATCHED = Duration.ofSeconds(5);
    private static final int AT_ONCE = 16;

    private final LocalCluster cluster;
    private final int site;
    private final PrintStream out;

    CutOff(LocalCluster cluster, int site, PrintStream out) {
        this.cluster = cluster;
        this.site = site;
        this.out = out;
    }

    /** Waits until the site has enough set aside for clients that nobody has seen yet. */
    void awaitEscrow(int addresses) throws IOException, InterruptedException {
        try (AdminReader admin = new AdminReader(cluster.admin(site))) {
            JsonNode answer = admin.await(
                    "/v1/autonomy?server=" + LocalCluster.serverName(site),
                    now -> now.at("/servers/0/cells/0/fence").isNull()
                            && now.at("/servers/0/cells/0/networks/0/unclaimed").asInt() >= addresses,
                    PATIENCE);
            out.println("   its autonomy: "
                    + answer.at("/servers/0/cells/0/summary").asText());
        }
    }

    /** Cuts it off while the fleet renews and newcomers ask, on both sides. */
    void play(Fleet fleet, Fleet newcomers) throws IOException, InterruptedException {
        Fleet.Running atWork = fleet.repeat(client -> {
            client.renew();
            TimeUnit.MILLISECONDS.sleep(100);
        });
        cluster.cutOff(site);
        Instant cut = Instant.now();
        try (AdminReader admin = new AdminReader(cluster.admin(site))) {
            admin.await("/v1/autonomy?server=" + LocalCluster.serverName(site), this::isAlone, PATIENCE);
            newcomers.each(AT_ONCE, FleetClient::bind);
            long left = WATCHED.minus(Duration.between(cut, Instant.now())).toMillis();
            TimeUnit.MILLISECONDS.sleep(Math.max(0, left));
            atWork.stop();
            JsonNode promised = admin.get("/v1/autonomy?server=" + LocalCluster.serverName(site))
                    .at("/servers/0/cells/0/promised");
            out.printf(
                    "   after %.1f s: it promised alone %d extensions (R2) and %d addresses out of escrow (R3)%n",
                    seconds(cut),
                    promised.path("R2").asLong(),
                    promised.path("R3").asLong());
            if (promised.path("R2").asLong() == 0 || promised.path("R3").asLong() == 0) {
                throw new IllegalStateException("the site that was cut off promised nothing alone: " + promised);
            }
        }
    }

    private boolean isAlone(JsonNode now) {
        return now.at("/servers/0/cells/0/mode").asText().equals("partitioned");
    }

    /** Joins it with the others again, and waits until it has committed what it promised and all copies are one. */
    void heal() throws IOException, InterruptedException {
        cluster.join(site);
        Instant healed = Instant.now();
        try (AdminReader admin = new AdminReader(cluster.admin(site))) {
            admin.await(
                    "/v1/autonomy?server=" + LocalCluster.serverName(site),
                    now -> now.at("/servers/0/cells/0/mode").asText().equals("quorate"),
                    PATIENCE);
            out.printf("   it committed what it promised alone %.1f s after the network was mended%n", seconds(healed));
            String digest = admin.awaitAgreement(cluster.sites().size(), PATIENCE);
            out.printf("   all three copies are the same after %.1f s, digest %s%n", seconds(healed), digest);
        }
    }

    private static double seconds(Instant began) {
        return Duration.between(began, Instant.now()).toMillis() / 1000.0;
    }
}
