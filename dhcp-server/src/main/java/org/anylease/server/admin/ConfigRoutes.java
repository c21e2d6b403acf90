package org.anylease.server.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.codec.EntryCodec;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.ConfigRevision;
import org.anylease.store.config.Member;

/**
 * The operator's configuration: what is in force, what was, what a file would change, and putting one in force.
 *
 * <p>The file is one for the whole system; each cell commits its slice, with the file, in its own log. A file is
 * applied to all cells at once, and says how each of them took it.
 */
final class ConfigRoutes {
    /** No file is larger, in bytes. */
    static final int FILE_BYTES_MAX = 16 << 20;

    private final Cluster cluster;
    private final ConfigCompiler compiler;
    private final ConfigApply apply;
    private final ReservationImpact reservations;

    ConfigRoutes(Cluster cluster, ConfigCompiler compiler, InstantSource clock) {
        this.reservations = new ReservationImpact(cluster, new CellCopies(cluster, new PeerAnswers(cluster, clock)));
        this.cluster = cluster;
        this.compiler = compiler;
        this.apply = new ConfigApply(cluster);
    }

    List<Route> routes() {
        return List.of(
                Route.get("/v1/config", List.of("version"), this::show),
                Route.get("/v1/config/history", List.of(), this::history),
                Route.post("/v1/config/check", List.of("name"), this::check),
                Route.post("/v1/config/diff", List.of("name", "version"), this::diff),
                Route.post("/v1/config/apply", List.of("name", "author", "based-on"), this::apply),
                Route.post("/v1/config/rollback", List.of("to", "author", "based-on"), this::rollback));
    }

    private void show(Call call) throws IOException {
        ConfigRevision revision = revision(call.number("version", 0));
        ObjectNode answer = describe(revision);
        answer.put("text", ConfigText.of(revision));
        call.json(200, answer);
    }

    private void history(Call call) throws IOException {
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray("revisions");
        newest().ifPresent(state -> state.history().forEach(revision -> list.add(describe(revision))));
        call.json(200, answer);
    }

    private static ObjectNode describe(ConfigRevision revision) {
        ObjectNode node = Json.object();
        node.put("version", revision.version());
        node.put("committed", revision.committed().toString());
        node.put("author", revision.author());
        return node;
    }

    private void check(Call call) throws IOException {
        String text = call.bodyText(FILE_BYTES_MAX);
        String name = call.query("name").orElse("file");
        ConfigCompiler.Compiled compiled = compiler.compile(name, text, 1);
        ObjectNode answer = Json.object();
        answer.put("valid", compiled.isValid());
        answer.set("problems", problems(name, compiled));
        call.json(200, answer);
    }

    private void diff(Call call) throws IOException {
        long version = call.number("version", 0);
        String text = version == 0 ? call.bodyText(FILE_BYTES_MAX) : ConfigText.of(revision(version));
        long current = currentVersion();
        String name = call.query("name").orElse(version == 0 ? "file" : "version " + version);
        ConfigCompiler.Compiled compiled = valid(name, text, current + 1, "unknown");
        ConfigCompiler.Compiled inForce = inForce(current);
        List<CellConfig> before = inForce.cells();
        ObjectNode answer = Json.object();
        answer.put("basedOn", current);
        TreeMap<String, List<String>> active = new TreeMap<>();
        active.put("state", List.of("active"));
        LeaseFilter filter = LeaseFilter.parse(active, cluster.servers(), Instant.EPOCH);
        try (LeaseScan scan = new LeaseScan(cluster, filter, active, new Ipv4(0))) {
            ConfigImpact impact = new ConfigImpact(before, compiled.cells());
            impact.count(scan);
            List<ConfigCompiler.Change> changes =
                    new ArrayList<>(compiler.compare(before, compiled.cells(), impact.addresses()));
            changes.addAll(besideSlices(inForce.beside(), compiled.beside()));
            changes.addAll(reservations.of(compiled.cells()));
            answer.set("changes", changes(changes));
            answer.set("leases", impact.toJson());
            answer.set("unread", LeaseRoutes.unread(scan));
        }
        answer.set("problems", problems(name, compiled));
        call.json(200, answer);
    }

    /** What differs beside the slices; it concerns no lease. */
    private static List<ConfigCompiler.Change> besideSlices(
            SortedMap<String, String> before, SortedMap<String, String> after) {
        List<ConfigCompiler.Change> changes = new ArrayList<>();
        TreeSet<String> places = new TreeSet<>(before.keySet());
        places.addAll(after.keySet());
        for (String place : places) {
            String was = before.getOrDefault(place, "");
            String is = after.getOrDefault(place, "");
            if (!was.equals(is)) {
                String text = was.isEmpty()
                        ? "+ " + place + ": " + is
                        : is.isEmpty() ? "- " + place + ": " + was : "~ " + place + ": " + was + " -> " + is;
                changes.add(new ConfigCompiler.Change(text, place, was, is, null, ""));
            }
        }
        return changes;
    }

    private static ArrayNode changes(List<ConfigCompiler.Change> changes) {
        ArrayNode list = Json.array();
        for (ConfigCompiler.Change change : changes) {
            ObjectNode one = list.addObject();
            one.put("text", change.text());
            one.put("path", change.path());
            one.put("before", change.before());
            one.put("after", change.after());
            one.put("leases", change.leases());
            one.put("effect", change.effect());
        }
        return list;
    }

    private void apply(Call call) throws IOException {
        String text = call.bodyText(FILE_BYTES_MAX);
        answerApply(call, text, call.query("name").orElse("file"));
    }

    private void rollback(Call call) throws IOException {
        long to = call.number("to", 0);
        if (to == 0) {
            throw Refusal.badRequest(
                    "no version to go back to", "query parameter to", "anylease config history lists them");
        }
        answerApply(call, ConfigText.of(revision(to)), "version " + to);
    }

    private void answerApply(Call call, String text, String name) throws IOException {
        long current = currentVersion();
        long basedOn = call.number("based-on", current);
        if (basedOn > current) {
            throw Refusal.conflict(
                    "version " + basedOn + " is not known here; " + current + " is the newest",
                    "config",
                    "see anylease config history; when it is newer elsewhere, ask a server that has it",
                    null);
        }
        String author = call.query("author").orElse("unknown");
        ConfigCompiler.Compiled compiled = valid(name, text, basedOn + 1, author);
        ObjectNode answer = apply.apply(compiled.cells(), basedOn, author, text);
        answer.set("problems", problems(name, compiled));
        answer.put("version", basedOn + 1);
        switch (Json.text(answer, "result")) {
            case "applied" -> call.json(200, answer);
            case "superseded" ->
                throw Refusal.conflict(
                        "the configuration is at another version than " + basedOn + ", which this file is based on",
                        "config",
                        "see anylease config diff against what is in force now, then apply again",
                        answer);
            default ->
                throw Refusal.unavailable(
                        "not every cell has confirmed the configuration",
                        "config",
                        "apply the same file again with --based-on " + basedOn
                                + ": cells that have it stay as they are",
                        answer);
        }
    }

    private ConfigCompiler.Compiled valid(String name, String text, long version, String author) throws IOException {
        ConfigCompiler.Compiled compiled = compiler.compile(name, text, version);
        if (!compiled.isValid()) {
            long errors = compiled.problems().stream()
                    .filter(ConfigCompiler.Problem::error)
                    .count();
            throw Refusal.invalid(
                    name + " has " + errors + (errors == 1 ? " error" : " errors"),
                    "config",
                    "mend the file; anylease config check FILE shows the same without a server",
                    Json.object().set("problems", problems(name, compiled)));
        }
        List<CellId> left = new ArrayList<>(cluster.cells());
        compiled.cells().forEach(cell -> left.remove(cell.cell()));
        if (!left.isEmpty()) {
            throw Refusal.invalid(
                    name + " leaves out cells that exist: " + left,
                    "config",
                    "keep them in the file, with a subnet without pools if need be: a cell does not go because a line"
                            + " was lost",
                    null);
        }
        requireServers(name, compiled);
        requireRoom(compiled, author, text);
        return compiled;
    }

    /** A new cell can be formed by servers only that the others know how to reach. */
    private void requireServers(String name, ConfigCompiler.Compiled compiled) {
        List<ServerId> known = cluster.servers().stream().map(Member::server).toList();
        for (CellConfig config : compiled.cells()) {
            List<ServerId> unknown = config.members().stream()
                    .map(Member::server)
                    .filter(server -> !known.contains(server))
                    .toList();
            if (!unknown.isEmpty() && !cluster.cells().contains(config.cell())) {
                throw Refusal.invalid(
                        name + " adds cell " + config.cell() + " on servers that this cluster does not know: "
                                + unknown,
                        "config",
                        "put the file on the disk of every server and start them again, one after the other; then"
                                + " apply",
                        null);
            }
        }
    }

    /** What no entry of a cell's log can hold is refused before any other cell has its part of the file. */
    private static void requireRoom(ConfigCompiler.Compiled compiled, String author, String text) throws IOException {
        Octets source = ConfigText.compressed(text);
        for (CellConfig config : compiled.cells()) {
            int bytes =
                    EntryCodec.encodedBytes(new LeaseCommand.ApplyConfig(config, config.version() - 1, author, source));
            if (bytes > EntryCodec.COMMAND_BYTES_MAX) {
                throw Refusal.tooLarge(
                        ConfigText.tooLong(config.cell(), bytes), "cell " + config.cell(), ConfigText.SHORTER);
            }
        }
    }

    private static ArrayNode problems(String file, ConfigCompiler.Compiled compiled) {
        ArrayNode list = Json.array();
        for (ConfigCompiler.Problem problem : compiled.problems()) {
            ObjectNode one = list.addObject();
            one.put("severity", problem.error() ? "error" : "warning");
            one.put("file", file);
            one.put("line", problem.line());
            one.put("column", problem.column());
            one.put("path", problem.path());
            one.put("what", problem.what());
            one.put("valid", problem.valid());
        }
        return list;
    }

    private List<Cluster.CellState> states() throws IOException {
        List<Cluster.CellState> states = new ArrayList<>();
        for (CellId cell : cluster.cells()) {
            cluster.state(cell).ifPresent(states::add);
        }
        return states;
    }

    /** The cell with the newest configuration: after a change that reached some cells only, the one that shows it. */
    private Optional<Cluster.CellState> newest() throws IOException {
        return states().stream().max(Comparator.comparingLong(Cluster.CellState::configVersion));
    }

    private long currentVersion() throws IOException {
        return newest().map(Cluster.CellState::configVersion).orElse(0L);
    }

    /** What is in force: the slices of all cells, those included of which this server has no copy: the file in force has them all. */
    private ConfigCompiler.Compiled inForce(long version) throws IOException {
        return version == 0
                ? new ConfigCompiler.Compiled(List.of(), List.of())
                : compiler.compile("version " + version, ConfigText.of(revision(version)), version);
    }

    private ConfigRevision revision(long version) throws IOException {
        List<ConfigRevision> history = newest().map(Cluster.CellState::history).orElse(List.of());
        if (history.isEmpty()) {
            throw Refusal.notFound(
                    "no configuration is in force yet",
                    "config",
                    "anylease config apply FILE puts the first one in force");
        }
        if (version == 0) {
            return history.getLast();
        }
        return history.stream()
                .filter(revision -> revision.version() == version)
                .findFirst()
                .orElseThrow(() -> Refusal.notFound(
                        "version " + version + " is not kept",
                        "config",
                        "versions " + history.getFirst().version() + " to "
                                + history.getLast().version() + " are: anylease config history"));
    }
}
