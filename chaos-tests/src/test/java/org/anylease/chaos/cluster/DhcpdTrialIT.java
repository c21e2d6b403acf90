package org.anylease.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.anylease.chaos.lab.AnycastLab;
import org.anylease.chaos.lab.Background;
import org.anylease.chaos.lab.Command;
import org.anylease.chaos.lab.Namespace;
import org.anylease.chaos.lab.RealClient;
import org.anylease.chaos.lab.RealClient.Program;
import org.anylease.tools.local.WatchedProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code anylease dhcpd}, as the manual has it, serves a real client what dhcpd had promised to it. */
class DhcpdTrialIT {
    private static final Path MANUAL = Path.of("..", "docs", "migration", "isc.md");
    private static final String MAC = "02:00:00:00:07:01";
    private static final String HELD = "10.77.0.15";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String CONFIGURATION = """
        ping-check false;
        class "busybox" { match if substring(option vendor-class-identifier, 0, 5) = "udhcp"; }
        subnet 10.77.0.0 netmask 255.255.255.0 {
          option routers 10.77.0.1;
          pool { allow members of "busybox"; range 10.77.0.10 10.77.0.19; }
        }
        """;

    private static final String LEASES = """
        lease 10.77.0.15 {
          starts 4 2026/11/26 22:00:00;
          ends never;
          binding state active;
          hardware ethernet 02:00:00:00:07:01;
          uid "\\001\\002\\000\\000\\000\\007\\001";
        }
        """;

    @TempDir
    private Path directory;

    /** The line of the manual that starts it, without its first word. */
    private static String arguments() throws IOException {
        List<String> lines = Files.readAllLines(MANUAL).stream()
                .filter(line -> line.startsWith("anylease dhcpd "))
                .toList();
        assertThat(lines).hasSize(1);
        return lines.getFirst().substring("anylease ".length());
    }

    @Test
    void servesTheClientOfALeaseThatDhcpdGave() throws Exception {
        assumeTrue(AnycastLab.isPossible("DhcpdTrialIT"), "needs root and iproute2");
        boolean there = Command.exists("udhcpc");
        if (!there) {
            System.out.println("SKIPPED DhcpdTrialIT: udhcpc is not installed; .ci/run installs it");
        }
        assumeTrue(there, "udhcpc is not installed");
        Files.writeString(directory.resolve("dhcpd.conf"), CONFIGURATION);
        Files.writeString(directory.resolve("dhcpd.leases"), LEASES);
        String prefix = "dt" + Integer.toString(new SecureRandom().nextInt(60_466_176), 36);
        Namespace machine = new Namespace(prefix + "-server");
        try {
            Namespace host = new Namespace(prefix + "-client");
            try {
                connect(machine, host);
                serve(machine, host);
            } finally {
                host.remove();
            }
        } finally {
            machine.remove();
        }
    }

    private static void connect(Namespace machine, Namespace host) {
        machine.ip("link", "add", "eth1", "type", "veth", "peer", "name", AnycastLab.DEVICE, "netns", host.name());
        machine.ip("addr", "add", "10.77.0.1/24", "dev", "eth1");
        machine.ip("link", "set", "eth1", "up");
        host.ip("link", "set", AnycastLab.DEVICE, "address", MAC);
        host.ip("link", "set", AnycastLab.DEVICE, "up");
    }

    private void serve(Namespace machine, Namespace host) throws Exception {
        Path program =
                Path.of("..", "tools", "bin", "anylease").toAbsolutePath().normalize();
        List<String> words = List.of("sh", "-c", "cd '" + directory + "' && exec '" + program + "' " + arguments());
        try (WatchedProcess server = Background.start(machine, "dhcpd", directory, words)) {
            server.awaitLine(0, line -> line.contains("SERVER_READY"), PATIENCE);
            try (RealClient client = RealClient.start(Program.UDHCPC, host, directory)) {
                assertThat(client.awaitBound()).isEqualTo(HELD);
            }
            assertThat(Long.parseLong(
                            Files.readString(directory.resolve("dhcpd.pid")).strip()))
                    .isPositive();
            server.terminate();
            assertThat(server.awaitEnd(PATIENCE)).isTrue();
        }
        assertThat(directory.resolve("dhcpd.leases")).as("is only read").hasContent(LEASES);
        assertThat(directory.resolve("dhcpd.pid")).doesNotExist();
    }
}
