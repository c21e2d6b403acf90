package org.anylease.tools.train;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.anylease.tools.fleet.Fleet;
import org.anylease.tools.fleet.FleetClient;
import org.anylease.tools.fleet.FleetRelay;
import org.anylease.tools.fleet.History;
import org.anylease.tools.local.AdminReader;
import org.anylease.tools.local.LocalCluster;
import org.anylease.tools.local.ServerProcess;

/**
 * Writes an ahead-of-time cache (JEP 483, JEP 515): classes as they are once loaded, and what the compiler learned of
 * the packet path. It is taken from a server of three that first followed, and then led.
 */
public final class Train {
    private static final int SITES = 3;
    private static final int CLIENTS = 400;
    private static final int AT_ONCE = 64;
    private static final int ROUNDS = 12;
    private static final Duration LEADER_PATIENCE = Duration.ofSeconds(30);
    private static final Duration WRITE_PATIENCE = Duration.ofMinutes(3);
    private static final String NETWORKS =
            "  training:\n    subnets: { 10.79.0.0/16: { pools: [10.79.1.0-10.79.99.255] } }\n";

    private Train() {}

    /**
     * Runs three servers and a fleet, and writes the cache.
     *
     * @param arguments the file to write
     * @throws IOException when a server does not start or the cache is not written
     * @throws InterruptedException when the run is to end
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path cache = Path.of(arguments[0]);
        Path directory = Files.createTempDirectory("anylease-train");
        LocalCluster.Shape shape = new LocalCluster.Shape(
                SITES,
                NETWORKS,
                "probe: { enabled: false }\n",
                List.of("-XX:+UseG1GC", "-XX:AOTCacheOutput=" + directory.resolve("{server}.aot")));
        try (LocalCluster cluster = new LocalCluster(directory.resolve("cluster"), shape)) {
            cluster.startAll();
            int first = cluster.leader(LEADER_PATIENCE);
            serve(cluster, first);
            cluster.kill(first);
            int second = cluster.leader(LEADER_PATIENCE);
            cluster.start(first);
            serve(cluster, second);
            ServerProcess server = cluster.server(second);
            Path written = directory.resolve(LocalCluster.serverName(second) + ".aot");
            server.process().terminate();
            if (!server.process().awaitEnd(WRITE_PATIENCE) || !Files.exists(written)) {
                throw new IOException("no cache was written to " + written + ":\n"
                        + server.process().lastLines());
            }
            Files.move(written, cache, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            delete(directory);
        }
    }

    private static void serve(LocalCluster cluster, int leader) throws IOException, InterruptedException {
        History history = new History();
        Random random = new Random(1);
        try (FleetRelay relay = new FleetRelay(cluster.relayAddress(), InetAddress.getByName("10.79.0.0"));
                AdminReader admin = new AdminReader(cluster.admin(leader));
                Fleet fleet =
                        Fleet.of(CLIENTS, relay, client -> cluster.site(1 + random.nextInt(SITES)), history, random)) {
            for (int round = 0; round < ROUNDS; round++) {
                fleet.each(AT_ONCE, Train::live);
            }
            admin.activeLeases();
            admin.get("/v1/cells");
        }
    }

    /** A client's life. One that is not answered in time, on a machine that is busy with other things, teaches as well. */
    private static void live(FleetClient client) throws IOException, InterruptedException {
        if (client.bind() && client.renew()) {
            client.release();
        }
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
