package org.anylease.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.anylease.store.address.Ipv4;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is left without CAP_NET_RAW and CAP_NET_BIND_SERVICE. */
class UnprivilegedTest {
    private static final String ADDRESS = "10.255.0.1";

    private static Namespace server;
    private static Namespace client;

    @BeforeAll
    static void build() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "needs util-linux' setpriv");
        server = Namespace.create("u");
        client = Namespace.create("v");
        server.link("s0", client, "c0");
        server.ip("addr add " + ADDRESS + "/32 dev lo");
        server.ip("addr add 10.1.0.1/24 dev s0");
    }

    @AfterAll
    static void remove() throws Exception {
        for (Namespace each : new Namespace[] {server, client}) {
            if (each != null) {
                each.close();
            }
        }
    }

    @Test
    void broadcastsInsteadOfFramesAndProbesByPingSocket() throws Exception {
        server.sysctl("net/ipv4/ping_group_range", "0 2147483647");
        try (FrameTap tap = client.call(() -> new FrameTap(Libc.interfaceIndex("c0")))) {
            String said = runServer(6767);
            assertThat(said)
                    .contains("probe: PingSocket")
                    .contains("frames: false")
                    .contains("result: Answered")
                    .containsOnlyOnce("grant CAP_NET_RAW");
            FrameTap.Frame frame = tap.next(6768, Duration.ofSeconds(5)).orElseThrow();
            assertThat(frame.to()).isEqualTo(Ipv4.BROADCAST);
            assertThat(frame.source()).isEqualTo(Ipv4.parse(ADDRESS));
            assertThat(frame.sourcePort()).isEqualTo(6767);
            assertThat(frame.payload()).isEqualTo("instead".getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    @Test
    void saysWhatToGrantWhenItCannotProbe() throws Exception {
        server.sysctl("net/ipv4/ping_group_range", "1 0");
        assertThat(runServer(6767))
                .contains("probe: None")
                .contains("ping socket: socket: EACCES")
                .contains("raw socket: socket: EPERM")
                .contains("ping_group_range");
    }

    @Test
    void saysWhatToGrantWhenThePortIsPrivileged() throws Exception {
        assertThat(runServer(67)).contains("bind: cannot listen on").contains("CAP_NET_BIND_SERVICE");
    }

    private static String runServer(int port) throws Exception {
        String dropped = "-net_raw,-net_bind_service,-net_admin";
        return Namespace.run(
                "ip",
                "netns",
                "exec",
                server.name(),
                "setpriv",
                "--inh-caps",
                dropped,
                "--bounding-set",
                dropped,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                UnprivilegedServer.class.getName(),
                ADDRESS,
                "s0",
                Integer.toString(port));
    }
}
