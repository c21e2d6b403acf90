package org.anylease.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.anylease.server.admin.AdminHttp;
import org.anylease.server.admin.LeaseChange;
import org.anylease.server.admin.Leases;
import org.anylease.server.admin.MemoryCluster;
import org.anylease.server.admin.SystemConfigCompiler;
import org.anylease.server.admin.WatchHub;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Runs every command of docs/operations/cli.md, in its order, against one cluster in memory. */
final class ManualTest {
    static final String FILE = """
        cluster: example
        service-address: 192.0.2.67
        sites:
          dc1:
            servers:
              a1: 10.1.0.2
        cells:
          east:
            networks:
              office:
                subnets:
                  10.0.0.0/24:
                    pools: [10.0.0.10-10.0.0.200]
        """;

    @TempDir
    private Path directory;

    private static List<List<String>> commands() throws IOException {
        List<List<String>> commands = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("../docs/operations/cli.md"))) {
            if (line.startsWith("$ anylease ")) {
                commands.add(List.of(line.substring("$ anylease ".length())
                        .replace(" # 1", "")
                        .split(" ")));
            }
        }
        return commands;
    }

    @Test
    void everyCommandOfTheManualDoesWhatItSays() throws IOException {
        MemoryCluster cluster = MemoryCluster.first("a1", "dc1");
        MemoryCluster gone = cluster.join("a2", "dc2");
        gone.fallSilent();
        Leases.fill(cluster.hold("east"));
        cluster.hold("east").await(1, MemoryCluster.NOW.plusSeconds(3600), "a1", "a2");
        cluster.hold("east").find(Leases.conflict("10.0.0.11"));
        WatchHub hub = new WatchHub(2, 16);
        try (AdminHttp http = AdminHttp.start(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        cluster,
                        new SystemConfigCompiler(),
                        hub,
                        () -> "",
                        InstantSource.fixed(MemoryCluster.NOW));
                ScheduledExecutorService changes = Executors.newSingleThreadScheduledExecutor()) {
            ScheduledFuture<?> publishing =
                    changes.scheduleAtFixedRate(() -> hub.publish(change()), 0, 20, TimeUnit.MILLISECONDS);
            String server = "http://127.0.0.1:" + http.address().getPort();
            for (List<String> command : commands()) {
                CommandRun run = CommandRun.of(server, "", inDirectory(command));
                int expected = expected(command);
                assertThat(run.exit()).as("%s: %s", command, run.err()).isEqualTo(expected);
                assertThat(run.out() + run.err()).as("%s", command).isNotBlank();
            }
            // A failure to publish would have ended it.
            assertThat(publishing.isDone()).isFalse();
            changes.shutdownNow();
        }
    }

    private static LeaseChange change() {
        return new LeaseChange(
                new CellId("east"),
                new LogIndex(5),
                MemoryCluster.NOW,
                Leases.active("10.0.0.4", Leases.client("02:00:00:00:00:0a", "ff:01", "x", "0.0.0.0"), 60, "a1"));
    }

    /**
     * 0, but for what has something wrong to show, for a server and an announcer, whose files here are not ones: so that
     * they end, and for a plan that nobody said yes to.
     */
    private static int expected(List<String> command) {
        String verb = String.join(" ", command.subList(0, Math.min(2, command.size())));
        if (command.contains("--diff")) {
            // The file in the example is another one.
            return (command.contains("anylease.yaml") ? ExitCode.NO : ExitCode.OK).number();
        }
        return switch (verb) {
            case "config diff",
                    "server run",
                    "anycast check",
                    "anycast status",
                    "conflict list",
                    "cell status",
                    "cell verify",
                    "site status" -> ExitCode.NO.number();
            case "server declare-down", "server drain", "reservation import", "reservation remove" ->
                command.contains("--yes") ? ExitCode.OK.number() : ExitCode.REFUSED.number();
            case "cell resync" ->
                (command.contains("--yes") && !command.contains("--from-leader") ? ExitCode.NO : ExitCode.REFUSED)
                        .number();
            case "autonomy status" -> command.contains("a1") ? ExitCode.OK.number() : ExitCode.NO.number();
            case "anycast run", "cell recover" -> ExitCode.USAGE.number();
            default -> ExitCode.OK.number();
        };
    }

    /** For a server that is not there, so that commands about a site's route have something to say. */
    private String anycastFile() {
        return """
            service-address: 192.0.2.67
            state-directory: %s
            check: { links: [10.0.0.0], server: 127.0.0.1, port: 9, timeout: 50ms, admin: { port: 9 } }
            bird:
            """.formatted(directory.resolve("anycast"));
    }

    private String[] inDirectory(List<String> command) throws IOException {
        List<String> words = new ArrayList<>();
        for (String word : command) {
            Path file = directory.resolve(word);
            switch (word) {
                case "anylease.yaml", "server.yaml" -> Files.writeString(file, FILE);
                case "reservations.csv" -> Files.writeString(file, """
                    address,hardware,client-id,hostname
                    10.0.0.160,02:00:00:00:00:60,,lab
                    10.0.0.161,,"a,b",
                    """);
                case "anycast.yaml" -> Files.writeString(file, command.contains("run") ? "check: none" : anycastFile());
                case "dhcpd.conf" ->
                    Files.copy(
                            Path.of("../dhcp-server/src/test/resources/isc/golden/failover.conf"),
                            file,
                            StandardCopyOption.REPLACE_EXISTING);
                case "dhcpd.leases" -> Files.writeString(file, ImportTest.LEASES);
                case "packet.hex" ->
                    Files.copy(
                            Path.of("../dhcp-server/src/test/resources/packets/ack.hex"),
                            file,
                            StandardCopyOption.REPLACE_EXISTING);
                default -> {}
            }
            words.add(word.matches(".*\\.(yaml|hex|backup|conf|leases|csv)|imported|decided") ? file.toString() : word);
        }
        return words.toArray(String[]::new);
    }

    @Test
    void everyCommandIsInTheManual() throws IOException {
        TreeSet<String> shown = new TreeSet<>();
        for (List<String> command : commands()) {
            shown.add(command.get(0));
            shown.add(String.join(" ", command.subList(0, Math.min(2, command.size()))));
        }
        TreeSet<String> missing = new TreeSet<>();
        for (CommandLine noun : Anylease.line(Terminal.ofProcess(), new ServerStart())
                .getSubcommands()
                .values()) {
            missing.add(noun.getCommandName());
            for (String verb : noun.getSubcommands().keySet()) {
                missing.add(noun.getCommandName() + " " + verb);
            }
        }
        missing.removeAll(shown);
        assertThat(missing).isEmpty();
    }

    @Test
    void theManualHasTheExitCodes() throws IOException {
        String manual = Files.readString(Path.of("../docs/operations/cli.md"));
        for (ExitCode code : ExitCode.values()) {
            assertThat(manual).contains("| " + code.number() + " | " + code.meaning() + " |");
        }
    }
}
