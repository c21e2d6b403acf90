package org.anylease.chaos.nemesis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.anylease.chaos.hosts.Hosts;
import org.anylease.chaos.hosts.Wiring;

/**
 * The files of a cluster under chaos. Times are short, so that leases and all that may follow them end within a
 * scenario; the pool is small, so that addresses change hands, and has room for escrow that lasts a site a scenario.
 */
final class Configuration {
    private Configuration() {}

    static void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        StringBuilder system = new StringBuilder("cluster: chaos\nservice-address: ")
                .append(Wiring.SERVICE_ADDRESS)
                .append("\nsites:\n");
        for (int site = 1; site <= Hosts.SITES; site++) {
            system.append("  site%d: { servers: { %s: %s } }%n".formatted(site, server(site), Wiring.address(site)));
            Files.createDirectories(data(directory, site));
            Files.writeString(serverFile(directory, site), """
                id: %s
                data-directory: %s
                system-file: anylease.yaml
                """.formatted(server(site), data(directory, site)));
        }
        system.append("""
            lease: %1$ds
            min-lease: 2s
            max-lease: %1$ds
            timers: { mclt: 8s, clock-skew: 1s, offer-hold: 3s, quarantine: 10s }
            probe: { enabled: false }
            escrow: { floor: 32 }
            networks:
              lab:
                subnets:
                  10.78.0.0/16: { pools: [10.78.1.1-10.78.1.220] }
            """.formatted(Arena.LEASE.toSeconds()));
        Files.writeString(directory.resolve("anylease.yaml"), system);
    }

    static String server(int site) {
        return "site" + site + "-a";
    }

    static Path serverFile(Path directory, int site) {
        return directory.resolve("site" + site + ".yaml");
    }

    /** Below the directory that may be a disk of its own. */
    static Path data(Path directory, int site) {
        return directory.resolve("site" + site).resolve("data");
    }
}
