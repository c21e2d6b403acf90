package org.anylease.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.anylease.server.admin.AdminHttp;
import org.anylease.server.admin.Cluster;
import org.anylease.server.admin.Leases;
import org.anylease.server.admin.LineConfig;
import org.anylease.server.admin.MemoryCluster;
import org.anylease.server.admin.WatchHub;
import org.anylease.store.address.Ipv4;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AnyleaseTest {
    private static final String FILE = "east 10.0.0.0/24 10.0.0.10-10.0.0.20 3600\n";

    private final MemoryCluster cluster = MemoryCluster.first("a1", "dc1");
    private final MemoryCluster other = cluster.join("b1", "dc2");
    private final MemoryCluster.MemoryCell east = cluster.hold("east");

    @TempDir
    private Path directory;

    private AdminHttp http;
    private String server = "";

    @BeforeEach
    void start() throws IOException {
        http = AdminHttp.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                cluster,
                new LineConfig(),
                new WatchHub(4, 16),
                () -> "",
                InstantSource.fixed(MemoryCluster.NOW));
        server = "http://127.0.0.1:" + http.address().getPort();
        other.hold("east");
        Leases.fill(east);
    }

    @AfterEach
    void stop() {
        http.close();
    }

    private CommandRun run(String... arguments) {
        return CommandRun.of(server, "", arguments);
    }

    private String file(String text) throws IOException {
        return Files.writeString(directory.resolve("anylease.yaml"), text).toString();
    }

    @Test
    void listsLeasesAsATable() {
        CommandRun run = run("lease", "list");
        assertThat(run.exit()).isZero();
        assertThat(run.out().lines().map(String::stripTrailing))
                .containsExactly(
                        "ADDRESS    STATE     MAC                HOSTNAME   ENDS                CELL  SITE  RELAY    "
                                + " CLIENT",
                        "10.0.0.10  active    02:00:00:00:00:0a  printer-1  in 10m (12:10:00Z)  east  dc1   10.0.0.1 "
                                + " ff:01",
                        "10.0.0.11  active    02:00:00:00:00:0b  Laptop     in 2h (14:00:00Z)   east  dc2   10.0.0.1 "
                                + " 00:6c:61:70",
                        "10.0.0.12  released  02:00:00:00:01:0c  =cmd|calc  1m ago (11:59:00Z)  east  dc1   -        "
                                + " ff:03");
        assertThat(run.err()).contains("3 leases").contains("cell east at log index 103 from a1");
    }

    @Test
    void fitsTheTerminal() {
        CommandRun run = CommandRun.of(server, "", 60, "lease", "list");
        assertThat(run.out().lines()).allMatch(line -> line.length() <= 90);
        assertThat(run.out()).contains("…");
    }

    @Test
    void showsNoControlCharactersOfClients() {
        east.put(Leases.active(
                "10.0.0.13", Leases.client("02:00:00:00:00:0d", "ff:04", "a\u001b[2Jb\u202e", "0.0.0.0"), 60, "a1"));
        for (String verb : List.of("list", "show")) {
            CommandRun run = verb.equals("list") ? run("lease", "list") : run("lease", "show", "10.0.0.13");
            assertThat(run.out()).contains("a?[2Jb?").doesNotContain("\u001b").doesNotContain("\u202e");
        }
    }

    @Test
    void exitsWithTheDocumentedCodes() throws IOException {
        assertThat(run("lease", "show", "10.0.0.10").exit()).isEqualTo(ExitCode.OK.number());
        assertThat(run("lease", "show", "nobody").exit()).isEqualTo(ExitCode.NO.number());
        assertThat(run("lease", "list", "--no-such-option").exit()).isEqualTo(ExitCode.USAGE.number());
        assertThat(run("lease", "list", "--state", "gone").exit()).isEqualTo(ExitCode.USAGE.number());
        assertThat(run("server", "run", "--config", "/no/such/file").exit()).isEqualTo(ExitCode.USAGE.number());
        assertThat(run("config", "apply", file("nonsense\n"), "--yes").exit()).isEqualTo(ExitCode.REFUSED.number());
        assertThat(run("config", "check", file("nonsense\n")).exit()).isEqualTo(ExitCode.NO.number());
        assertThat(run("config", "apply", file(FILE), "--yes", "--based-on", "7")
                        .exit())
                .isEqualTo(ExitCode.REFUSED.number());
        east.loseQuorum();
        assertThat(run("config", "apply", file(FILE), "--yes").exit()).isEqualTo(ExitCode.FAILED.number());
        String nobody;
        try (ServerSocket free = new ServerSocket(0)) {
            nobody = "127.0.0.1:" + free.getLocalPort();
        }
        CommandRun run = run("cell", "status", "--server", nobody);
        assertThat(run.exit()).isEqualTo(ExitCode.UNREACHABLE.number());
        assertThat(run.err()).contains(nobody).contains("anylease server run").contains(ServerOptions.VARIABLE);
    }

    @Test
    void statusIsUnhealthyWhenAServerIsSilent() {
        assertThat(run("cell", "status").exit()).isZero();
        assertThat(run("site", "status").exit()).isZero();
        other.fallSilent();
        CommandRun run = run("site", "status");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out())
                .contains("silent")
                .contains("warning: server b1 at dc2: does not answer: connection refused");
        cluster.serve("east", Cluster.Mode.PARTITIONED);
        assertThat(run("cell", "status", "east").out())
                .contains("critical: cell east: no leader is known, so nothing can be committed: 1 of 1 servers answer")
                .contains("ask again: an election takes about a second")
                .contains("since 10m ago (11:50:00Z)");
    }

    @Test
    void changesNothingWithoutYes() throws IOException {
        CommandRun plan = run("config", "apply", file(FILE));
        assertThat(plan.exit()).isEqualTo(ExitCode.REFUSED.number());
        assertThat(plan.out()).contains("+ east 10.0.0.0/24").contains("of 2 active leases");
        assertThat(plan.err()).contains("nothing was changed").contains("--yes");
        assertThat(run("config", "show").exit()).isEqualTo(ExitCode.NO.number());
    }

    @Test
    void appliesShowsAndRollsBack() throws IOException {
        assertThat(run("config", "apply", file(FILE), "--yes").out()).contains("version 1 is in force");
        assertThat(run("config", "apply", file(FILE.replace("3600", "60")), "--yes")
                        .exit())
                .isZero();
        assertThat(run("config", "diff", file(FILE)).exit()).isEqualTo(1);
        assertThat(run("config", "rollback", "--to", "1", "--yes").out()).contains("version 3 is in force");
        assertThat(run("config", "show").out()).isEqualTo(FILE);
        assertThat(run("config", "history").out())
                .contains("3        now (12:00:00Z)")
                .contains("kim");
        assertThat(run("config", "diff", file(FILE)).exit()).isZero();
    }

    @Test
    void backsUpAndRestores() {
        String target = directory.resolve("east.backup").toString();
        assertThat(run("cell", "backup", "east", "--output", target).out()).contains("index 103: 3 bindings");
        assertThat(run("cell", "backup", "east", "--output", target).exit()).isEqualTo(ExitCode.REFUSED.number());
        MemoryCluster.MemoryCell empty = cluster.hold("east");
        CommandRun plan = run("cell", "restore", "east", target);
        assertThat(plan.exit()).isEqualTo(ExitCode.REFUSED.number());
        assertThat(plan.out()).contains("3 are as new or newer here");
        assertThat(run("cell", "restore", "east", target, "--yes").out()).contains("0 of 3 bindings changed");
        assertThat(empty.get(Ipv4.parse("10.0.0.10"))).isNotNull();
    }

    @Test
    void errorsAreJsonWhenJsonIsAskedFor() {
        CommandRun run = run("lease", "show", "nobody", "--json");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out()).contains("\"error\" : \"no\"").contains("\"remedy\"");
    }

    @Test
    void decodesAPacket() throws IOException {
        Path hex = Path.of("../dhcp-server/src/test/resources/packets/ack.hex");
        CommandRun run = run("decode", hex.toString());
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).isNotBlank();
        assertThat(CommandRun.of(server, Files.readString(hex), "decode", "-").out())
                .isEqualTo(run.out());
        assertThat(CommandRun.of(server, "0102", "decode", "-").exit()).isEqualTo(1);
        assertThat(CommandRun.of(server, "xyz", "decode", "-").exit()).isEqualTo(2);
    }

    @Test
    void helpDocumentsExitCodes() {
        CommandRun run = run("--help");
        for (ExitCode code : ExitCode.values()) {
            assertThat(run.out()).contains("  " + code.number() + "  " + code.meaning());
        }
    }
}
