package org.anylease.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.anylease.tools.fleet.FleetClient;
import org.anylease.tools.fleet.FleetRelay;
import org.anylease.tools.fleet.History;
import org.anylease.tools.local.LocalCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names of clients in a real BIND 9, sent as a dhcpd.conf says that was converted: zones, key, and who is named how. */
class ConvertedNamesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    private final History history = new History();

    private static String dhcpdConf(Path keyFile) {
        return """
            include "%s";
            ddns-update-style standard;
            ddns-domainname "example.net";
            ddns-ttl 60;
            update-static-leases on;
            zone example.net. { primary 127.0.0.1; key anylease; }
            zone 78.10.in-addr.arpa. { primary 127.0.0.1; key anylease; }
            subnet 10.78.0.0 netmask 255.255.128.0 { range 10.78.1.0 10.78.1.255; }
            subnet 10.78.128.0 netmask 255.255.128.0 { range 10.78.129.0 10.78.129.255; ddns-updates off; }
            """.formatted(keyFile.toAbsolutePath());
    }

    /** What follows a key of the outermost level, up to the next one. */
    private static String section(String file, String key) {
        int start = file.indexOf("\n" + key + ":\n") + 1;
        assertThat(start).as(file).isPositive();
        int end = start + key.length() + 2;
        while (end < file.length() && (file.charAt(end) == ' ' || file.charAt(end) == '\n')) {
            end = file.indexOf('\n', end) + 1;
        }
        return file.substring(start, end);
    }

    private String converted(NameServer names) throws IOException {
        Path file = Files.writeString(directory.resolve("dhcpd.conf"), dhcpdConf(names.keyFile()));
        Path out = directory.resolve("imported");
        Cli cli = new Cli(URI.create("http://127.0.0.1:1"));
        String said = cli.ok(
                        "import", "isc", file.toString(), "--out", out.toString(), "--key-directory", out + "", "--all")
                .out();
        String secret = Files.readString(names.keyFile()).replaceAll("(?s).*secret \"([^\"]+)\".*", "$1");
        assertThat(said).contains("converted: ddns-update-style standard").doesNotContain(secret);
        Path key = out.resolve("anylease.key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        assertThat(key).content().contains(secret);
        assertThat(out.resolve("report.txt")).content().doesNotContain(secret);
        return Files.readString(out.resolve("anylease.yaml"));
    }

    @Test
    void convertedZonesAndKeysUpdateTheNameServer() throws Exception {
        NameServer names = new NameServer(directory.resolve("named"), InetAddress.getLoopbackAddress());
        names.start();
        String system = converted(names);
        // dhcpd knows no other port than 53, which needs root.
        String dns = section(system, "dns").replace("dns:\n", "dns:\n  port: " + names.port() + "\n");
        String networks = section(system, "networks").replace("networks:\n", "");
        LocalCluster.Shape shape = new LocalCluster.Shape(
                1, networks, "probe: { enabled: false }\n" + dns, List.of("-Xmx256m", "-XX:+UseSerialGC"));
        try (LocalCluster cluster = new LocalCluster(directory.resolve("cluster"), shape)) {
            cluster.startAll();
            try (FleetRelay named = new FleetRelay(cluster.relayAddress(), InetAddress.getByName("10.78.0.0"));
                    FleetRelay unnamed = new FleetRelay(cluster.relayAddress(), InetAddress.getByName("10.78.128.0"))) {
                FleetClient other = client(2, unnamed, cluster);
                assertThat(other.bind()).isTrue();
                FleetClient one = client(1, named, cluster);
                assertThat(one.bind()).isTrue();
                String address = one.address().orElseThrow().getHostAddress();
                eventually(names, "fleet-1.example.net", address);
                assertThat(names.ask("fleet-1.example.net", "DHCID")).isNotEmpty();
                assertThat(names.ask("fleet-2.example.net", "A"))
                        .as("ddns-updates off")
                        .isEmpty();
                one.release();
                eventually(names, "fleet-1.example.net", "");
            }
        } finally {
            names.kill();
        }
    }

    private static void eventually(NameServer names, String name, String address) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(() -> assertThat(names.ask(name, "A")).isEqualTo(address));
    }

    private FleetClient client(int number, FleetRelay relay, LocalCluster cluster) {
        return new FleetClient(
                number, relay, _ -> cluster.site(1), history, FleetClient.Patience.SHORT, new Random(number));
    }
}
