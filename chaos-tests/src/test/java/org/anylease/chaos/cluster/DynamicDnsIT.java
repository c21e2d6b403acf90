package org.anylease.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.anylease.tools.fleet.FleetClient;
import org.anylease.tools.fleet.FleetRelay;
import org.anylease.tools.fleet.History;
import org.anylease.tools.local.LocalCluster;
import org.awaitility.core.ThrowingRunnable;
import org.dhcp4java.DHCPConstants;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names in a real BIND 9, put there and taken out by a cluster of three sites. */
class DynamicDnsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final byte CLIENT_FQDN = 81;

    private static final String NETWORKS = """
          lab:
            subnets:
              10.78.0.0/17: { pools: [10.78.1.0-10.78.1.255], lease: 1h }
          short:
            subnets:
              10.78.128.0/17: { pools: [10.78.129.0-10.78.129.255], lease: 3s, min-lease: 3s }
        """;

    @TempDir
    private Path directory;

    private final History history = new History();
    private int routedTo = 1;
    private @Nullable LocalCluster cluster;
    private @Nullable NameServer names;
    private @Nullable FleetRelay relay;

    @BeforeEach
    void start() throws Exception {
        // The block of loopback addresses is known only once a cluster is laid out: its neighbours are the name
        // server's.
        NameServer bind = new NameServer(directory.resolve("named"), InetAddress.getLoopbackAddress());
        names = bind;
        bind.start();
        String more = """
            probe: { enabled: false }
            timers: { clock-skew: 200ms }
            dns:
              domain: example.net
              servers: 127.0.0.1
              port: %d
              key-file: %s
              ttl: 60s
              zones: { example.net: { }, 78.10.in-addr.arpa: { } }
            """.formatted(bind.port(), bind.keyFile());
        LocalCluster started = new LocalCluster(
                directory.resolve("cluster"),
                new LocalCluster.Shape(3, NETWORKS, more, List.of("-Xmx256m", "-XX:+UseSerialGC")));
        cluster = started;
        started.startAll();
        relay = new FleetRelay(started.relayAddress(), InetAddress.getByName("10.78.0.0"));
    }

    @AfterEach
    void stop() throws Exception {
        FleetRelay relaying = relay;
        LocalCluster running = cluster;
        NameServer bind = names;
        try {
            if (bind != null) {
                bind.kill();
            }
        } finally {
            if (relaying != null) {
                relaying.close();
            }
            if (running != null) {
                running.close();
            }
        }
    }

    private LocalCluster cluster() {
        return Objects.requireNonNull(cluster);
    }

    private FleetClient client(int number) {
        return client(number, Objects.requireNonNull(relay));
    }

    private FleetClient client(int number, FleetRelay by) {
        return new FleetClient(
                number, by, _ -> cluster().site(routedTo), history, FleetClient.Patience.SHORT, new Random(number));
    }

    private static String bound(FleetClient client) throws IOException, InterruptedException {
        assertThat(client.bind()).isTrue();
        return client.address().orElseThrow().getHostAddress();
    }

    private String ask(String name, String type) throws IOException {
        return Objects.requireNonNull(names).ask(name, type);
    }

    private static void eventually(ThrowingRunnable check) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).untilAsserted(check);
    }

    private void stands(String name, String address) {
        eventually(() -> {
            assertThat(ask(name, "A")).isEqualTo(address);
            assertThat(ask(name, "DHCID")).isNotEmpty();
            assertThat(ask(reverse(address), "PTR")).isEqualTo(name + ".");
        });
    }

    private void isGone(String name, String address) {
        eventually(() -> {
            assertThat(ask(name, "A")).isEmpty();
            assertThat(ask(name, "DHCID")).isEmpty();
            assertThat(ask(reverse(address), "PTR")).isEmpty();
        });
    }

    private static String reverse(String address) {
        String[] parts = address.split("\\.", -1);
        return String.join(".", parts[3], parts[2], parts[1], parts[0]) + ".in-addr.arpa";
    }

    private Cli cli() {
        return new Cli(cluster().admin(routedTo));
    }

    @Test
    void namesFollowLeases() throws Exception {
        FleetClient one = client(1);
        String address = bound(one);
        stands("fleet-1.example.net", address);

        namesOfOthersAreKept(address);
        namesAreAgreedByOption81();

        one.release();
        isGone("fleet-1.example.net", address);
        try (FleetRelay shortLeases = new FleetRelay(cluster().relayAddress(), InetAddress.getByName("10.78.128.0"))) {
            String expiring = bound(client(5, shortLeases));
            stands("fleet-5.example.net", expiring);
            isGone("fleet-5.example.net", expiring);
        }
        whoeverLeadsNextSendsWhatIsMissing();
    }

    /** Another client that says the same name, and a name that was put there by hand. */
    private void namesOfOthersAreKept(String address) throws Exception {
        FleetClient two = client(2);
        two.say(DHCPConstants.DHO_HOST_NAME, "fleet-1".getBytes(StandardCharsets.US_ASCII));
        String second = bound(two);
        String byHand = bound(client(9));
        eventually(() -> assertThat(cli().ok("dns", "status", "--json")
                        .json()
                        .path("cells")
                        .path(0)
                        .path("refused")
                        .asInt())
                .isEqualTo(2));
        assertThat(ask("fleet-1.example.net", "A")).isEqualTo(address);
        assertThat(ask("fleet-9.example.net", "A")).isEqualTo("192.0.2.9");
        assertThat(ask(reverse(second), "PTR")).isEmpty();
        assertThat(ask(reverse(byHand), "PTR")).isEmpty();
    }

    private void namesAreAgreedByOption81() throws Exception {
        FleetClient client = client(3);
        // E; "Desk" without a root: the server completes it, and keeps the A record though S is not set.
        client.say(CLIENT_FQDN, (byte) 4, (byte) 0, (byte) 0, (byte) 4, (byte) 'D', (byte) 'e', (byte) 's', (byte) 'k');
        stands("desk.example.net", bound(client));
        assertThat(client.option(CLIENT_FQDN).orElseThrow())
                .as("S, O and E, RFC 4702 §4")
                .startsWith(7, 255, 255)
                .endsWith(4, 'd', 'e', 's', 'k', 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 3, 'n', 'e', 't', 0);
    }

    private void whoeverLeadsNextSendsWhatIsMissing() throws Exception {
        FleetClient leaving = client(6);
        String left = bound(leaving);
        stands("fleet-6.example.net", left);
        Objects.requireNonNull(names).kill();
        int leader = cluster().leader(PATIENCE);
        routedTo = leader % 3 + 1;
        leaving.release();
        String address = bound(client(7));
        eventually(() -> assertThat(cli().run("dns", "status").exits(1).out())
                .contains("fleet-7.example.net", "fleet-6.example.net", "does not answer"));
        cluster().kill(leader);
        Objects.requireNonNull(names).start();
        stands("fleet-7.example.net", address);
        isGone("fleet-6.example.net", left);
        eventually(() -> cli().ok("dns", "status"));
    }
}
