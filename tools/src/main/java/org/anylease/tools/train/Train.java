package org.anylease.tools.train;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
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
 * the packet path, from one server that serves a fleet for a while.
 */
public final class Train {
    private static final int CLIENTS = 400;
    private static final int AT_ONCE = 64;
    private static final int RENEWALS = 20;
    private static final Duration WRITE_PATIENCE = Duration.ofMinutes(3);
    private static final String NETWORKS =
            "  training:\n    subnets: { 10.79.0.0/16: { pools: [10.79.1.0-10.79.99.255] } }\n";

    private Train() {}

    /**
     * Runs a server and a fleet, and writes the cache.
     *
     * @param arguments the file to write
     * @throws IOException when the server does not start or the cache is not written
     * @throws InterruptedException when the run is to end
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path cache = Path.of(arguments[0]);
        Path directory = Files.createTempDirectory("anylease-train");
        LocalCluster.Shape shape = new LocalCluster.Shape(
                1, NETWORKS, "probe: { enabled: false }\n", List.of("-XX:+UseG1GC", "-XX:AOTCacheOutput=" + cache));
        try (LocalCluster cluster = new LocalCluster(directory, shape)) {
            cluster.startAll();
            serve(cluster);
            ServerProcess server = cluster.server(1);
            server.process().terminate();
            if (!server.process().awaitEnd(WRITE_PATIENCE) || !Files.exists(cache)) {
                throw new IOException("no cache was written to " + cache + ":\n"
                        + server.process().lastLines());
            }
        } finally {
            delete(directory);
        }
    }

    private static void serve(LocalCluster cluster) throws IOException, InterruptedException {
        History history = new History();
        Random random = new Random(1);
        try (FleetRelay relay = new FleetRelay(cluster.relayAddress(), InetAddress.getByName("10.79.0.0"));
                AdminReader admin = new AdminReader(cluster.admin(1));
                Fleet fleet = Fleet.of(CLIENTS, relay, client -> cluster.site(1), history, random)) {
            for (int round = 0; round < RENEWALS; round++) {
                fleet.each(AT_ONCE, FleetClient::bind);
                fleet.each(AT_ONCE, FleetClient::renew);
                fleet.each(AT_ONCE, FleetClient::release);
            }
            admin.activeLeases();
            admin.get("/v1/cells");
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
