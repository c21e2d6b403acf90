package org.anylease.chaos.isc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.anylease.chaos.hosts.Leftovers;
import org.anylease.chaos.isc.PacketScript.Answer;
import org.anylease.chaos.isc.PacketScript.Step;
import org.anylease.chaos.lab.AnycastLab;
import org.anylease.chaos.lab.Background;
import org.anylease.chaos.lab.Command;
import org.anylease.server.isc.answer.Comparison;
import org.anylease.server.isc.answer.IscAnswer;
import org.anylease.server.isc.answer.IscAnswers;
import org.anylease.server.isc.syntax.IscFile;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Ipv4;
import org.anylease.tools.cli.Anylease;
import org.anylease.tools.local.ServerProcess;
import org.anylease.tools.local.WatchedProcess;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same dhcpd.conf for ISC's dhcpd and, imported, for Anylease; the same packets to both; replies compared field by
 * field and option by option. What differs is what docs/migration/differences.md says, no less and no more.
 */
class SideBySideIT {
    static final Path DOCUMENT = Path.of("..", "docs", "migration", "differences.md");
    private static final Path SCENARIOS = Path.of("src", "test", "resources", "isc");
    private static final Path KEAMA = Path.of("..", "dhcp-server", "src", "test", "resources", "isc", "keama");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration REPLY = Duration.ofSeconds(2);
    private static final Duration SILENCE = Duration.ofMillis(250);

    /** Both are asked at once, so that it has been silent for as long as the first one already. */
    private static final Duration SILENCE_OF_THE_OTHER = Duration.ofMillis(50);

    /** Only these scenarios, by a regular expression; all when it is not set. */
    private static final String ONLY = System.getProperty("anylease.scenarios", ".*");

    /** What no file tells: who holds addresses already, who answers a ping, and what time it is. */
    private static final List<String> BY_STATE = List.of(
            "full-pool reply",
            "bootp-dynamic reply",
            "bootp-pools reply",
            "spawned-classes reply",
            "pinged-address reply",
            "lease-infinite option 51");

    @TempDir
    private Path directory;

    private final List<AutoCloseable> made = new ArrayList<>();
    private final List<Difference> differences = new ArrayList<>();
    private final List<String> surprises = new ArrayList<>();
    private @Nullable ServerProcess anylease;
    private int fieldsFromFiles;
    private int xids = 0x5b5b_0000;

    private <T extends AutoCloseable> T made(T part) {
        made.addFirst(part);
        return part;
    }

    @AfterEach
    void removeAll() throws Exception {
        for (AutoCloseable part : made) {
            part.close();
        }
    }

    /** Scripts with their configurations, by name. */
    static Map<String, Path> scenarios() throws IOException {
        Map<String, Path> scenarios = new TreeMap<>();
        try (var files = Files.list(SCENARIOS)) {
            for (Path script :
                    files.filter(file -> file.toString().endsWith(".packets")).toList()) {
                String name = script.getFileName().toString().replace(".packets", "");
                if (name.matches(ONLY)) {
                    scenarios.put(name, script);
                }
            }
        }
        return scenarios;
    }

    static Path configuration(String name) {
        return name.startsWith("keama-")
                ? KEAMA.resolve(name.substring("keama-".length()) + ".in4")
                : SCENARIOS.resolve(name + ".conf");
    }

    @Test
    void sameConfigurationAndPacketsHaveTheSameReplies() throws Exception {
        assumeTrue(AnycastLab.isPossible("SideBySideIT"), "needs root and iproute2");
        boolean there = Command.exists("dhcpd");
        if (!there) {
            System.out.println("SKIPPED SideBySideIT: dhcpd is not installed; .ci/run installs it");
        }
        assumeTrue(there, "dhcpd is not installed");
        Leftovers.remove();
        String prefix = Leftovers.prefix("side");
        ServerSide theirs = made(new ServerSide(prefix, "isc"));
        ServerSide ours = made(new ServerSide(prefix, "own"));
        Map<String, Path> scenarios = scenarios();
        assertThat(scenarios).isNotEmpty();
        long began = System.nanoTime();
        int packets = 0;
        for (var scenario : scenarios.entrySet()) {
            PacketScript script = PacketScript.read(scenario.getValue());
            packets += script.steps().size();
            try {
                run(scenario.getKey(), script, theirs, ours);
            } catch (IOException | IllegalStateException e) {
                surprises.add(scenario.getKey() + ": " + e.getMessage());
            }
        }
        System.out.println(scenarios.size() + " scenarios, " + packets + " packets to each, "
                + Duration.ofNanos(System.nanoTime() - began).toMillis() + " ms, " + differences.size()
                + " differences; " + fieldsFromFiles + " fields of dhcpd's were worked out from the files");
        KnownDifferences known = KnownDifferences.read(DOCUMENT);
        List<String> unknown = new ArrayList<>(surprises);
        for (Difference difference : differences) {
            if (!known.covers(difference)) {
                unknown.add(difference.toString());
            }
        }
        assertThat(String.join("\n", unknown))
                .as("differences that are not listed")
                .isEmpty();
        if (ONLY.equals(".*")) {
            assertThat(known.unmet()).as("listed, and did not happen").isEmpty();
        }
    }

    private void run(String name, PacketScript script, ServerSide theirs, ServerSide ours) throws Exception {
        Path folder = Files.createDirectory(directory.resolve(name));
        Path file = Files.writeString(folder.resolve("dhcpd.conf"), withLink(configuration(name)));
        boolean pinged = name.startsWith("pinged");
        theirs.answerPings(pinged);
        ours.answerPings(pinged);
        try (WatchedProcess dhcpd = dhcpd(file, folder, theirs)) {
            serve(file, folder, ours);
            dhcpd.awaitLine(0, line -> line.contains("Server starting service."), PATIENCE);
            String hardware = String.format(
                    "02:%02x:%02x:%02x:%02x",
                    name.hashCode() >>> 24,
                    name.hashCode() >>> 16 & 255,
                    name.hashCode() >>> 8 & 255,
                    name.hashCode() & 255);
            ScriptedClient their = new ScriptedClient(theirs, hardware);
            ScriptedClient our = new ScriptedClient(ours, hardware);
            IscAnswers answers = new IscAnswers(IscFile.parse("dhcpd.conf", text(file), _ -> Optional.empty())
                    .statements());
            TreeSet<String> heardOf = new TreeSet<>();
            for (Step step : script.steps()) {
                int xid = ++xids;
                their.send(step, xid);
                our.send(step, xid);
                boolean silent = step.expected() == Answer.SILENCE;
                Optional<ServerSide.Heard> theirAnswer = their.await(step, xid, silent ? SILENCE : REPLY);
                boolean unasked = silent || our.hasNothingToSelect(step);
                Optional<ServerSide.Heard> ourAnswer = our.await(step, xid, unasked ? SILENCE_OF_THE_OTHER : REPLY);
                Answer got = theirAnswer
                        .map(heard -> ScriptedClient.answer(heard.packet()))
                        .orElse(Answer.SILENCE);
                if (got != step.expected()) {
                    surprises.add(name + ": " + step + ": dhcpd answered " + got + "; it said last: "
                            + dhcpd.lastLines().lines().toList().getLast());
                }
                differences.addAll(Difference.between(name, step.toString(), theirAnswer, ourAnswer));
                if (step.act() == PacketScript.Act.DISCOVER && heardOf.add(step.client())) {
                    fromTheFile(name, step, our.packet(step, xid), answers, theirAnswer);
                }
            }
            our.releaseAll(++xids);
            dhcpd.kill();
        }
    }

    /** What is worked out from the file alone is what dhcpd answers a client that it has not seen. */
    private void fromTheFile(
            String name, Step step, Packet packet, IscAnswers answers, Optional<ServerSide.Heard> heard) {
        Packet relayed = packet.giaddr().isUnspecified()
                ? packet.toBuilder().giaddr(Ipv4.parse(ServerSide.OWN)).build()
                : packet;
        List<Packet> reply = heard.map(ServerSide.Heard::packet).stream().toList();
        IscAnswer answer = answers.answer(
                relayed, reply.isEmpty() ? null : reply.getFirst().yiaddr());
        for (Comparison.Row row : Comparison.of(answer, reply).rows()) {
            fieldsFromFiles++;
            boolean byState =
                    BY_STATE.contains(name + " " + row.field()) || Difference.same(row.field(), row.isc(), row.ours());
            if (row.verdict() == Comparison.Verdict.DIFFERENT && !byState) {
                surprises.add(name + ": " + step + ": " + row.field() + ": dhcpd answered " + row.ours()
                        + ", and from the file " + row.isc() + " was expected, by " + row.by());
            }
        }
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }

    /** Both servers stand on a link of their own, which every file must know. Neither pings, unless the file says so. */
    static String withLink(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        StringBuilder whole = new StringBuilder(text);
        if (!text.contains("ping-check")) {
            whole.append("\nping-check false;\n");
        }
        if (!text.contains("subnet 192.0.2.0 ")) {
            whole.append("\nsubnet 192.0.2.0 netmask 255.255.255.0 { range 192.0.2.150 192.0.2.199; }\n");
        }
        return whole.toString();
    }

    private static WatchedProcess dhcpd(Path file, Path folder, ServerSide side) throws IOException {
        Path leases = Files.createFile(folder.resolve("dhcpd.leases"));
        List<String> words = new ArrayList<>(List.of("dhcpd", "-4", "-f", "-d", "-cf", file.toString()));
        words.addAll(
                List.of("-lf", leases.toString(), "-pf", folder.resolve("pid").toString(), ServerSide.DEVICE));
        return Background.start(side.server(), "dhcpd", folder, words);
    }

    /** Imports the file, and starts the server with what comes of it, or applies that to the one that runs. */
    private void serve(Path file, Path folder, ServerSide side) throws IOException, InterruptedException {
        Path out = folder.resolve("imported");
        List<String> words = new ArrayList<>(List.of("import", "isc", file.toString(), "--out", out.toString()));
        words.addAll(List.of("--cluster", "beside", "--service-address", ServerSide.SERVER));
        words.addAll(List.of("--site", "here=" + ServerSide.OWN));
        boolean _ = anylease(words.toArray(String[]::new));
        Path system = out.resolve("anylease.yaml");
        // What a client asks for could else be set aside for a server.
        Files.writeString(system, "escrow: { floor: 0, ceiling: 0 }\n", StandardOpenOption.APPEND);
        if (anylease != null) {
            boolean _ = side.server().inside(() -> anylease("config", "apply", system.toString(), "--yes"));
            return;
        }
        Path own = Files.writeString(
                folder.resolve("server.yaml"), """
                    id: here-a
                    data-directory: %s
                    system-file: %s
                    listen: { interfaces: [%s] }
                    """.formatted(directory.resolve("data"), system, ServerSide.DEVICE));
        anylease = made(ServerProcess.start(new ServerProcess.Launch(
                "here-a",
                List.of("ip", "netns", "exec", side.server().name()),
                List.of("-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                own,
                directory.resolve("anylease.log"))));
        anylease.awaitReady(PATIENCE);
    }

    private static boolean anylease(String... words) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
        int exit = Anylease.execute(out, out, words);
        if (exit != 0) {
            throw new IllegalStateException(
                    String.join(" ", words) + ": exit code " + exit + ": " + said.toString(StandardCharsets.UTF_8));
        }
        return true;
    }
}
