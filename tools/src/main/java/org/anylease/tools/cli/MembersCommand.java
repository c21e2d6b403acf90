package org.anylease.tools.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.anylease.server.config.ConfigFile;
import org.anylease.server.config.ConfigReading;
import org.anylease.server.config.ConfigSource;
import org.anylease.server.config.MembersEdit;
import org.anylease.server.config.SystemConfig;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.cell.SiteId;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code anylease cell members}. Members are what the configuration in force says; the leader makes them so. Adding and
 * removing one changes that file, and nothing else.
 */
@Command(
        name = "members",
        mixinStandardHelpOptions = true,
        description = "Shows and changes which servers answer for a cell, while it runs.")
final class MembersCommand {
    static CommandLine line(Terminal terminal) {
        return new CommandLine(new MembersCommand())
                .addSubcommand(new CommandLine(new Listing(terminal)))
                .addSubcommand(new CommandLine(new Add(terminal)))
                .addSubcommand(new CommandLine(new Remove(terminal)))
                .addSubcommand(new CommandLine(new PromoteCommand(terminal)));
    }

    static JsonNode members(AdminClient client, String cell) {
        return client.get("/v1/cells/" + AdminClient.segment(cell) + "/members");
    }

    private static ExitCode print(Terminal terminal, JsonNode answer) {
        Table table = new Table(terminal, "SERVER", "SITE", "LISTED", "TAKES PART", "ROLE", "INDEX", "LAG", "WAITS");
        for (JsonNode member : answer.path("members")) {
            table.row(
                    member.path("server").asText(),
                    member.path("site").asText("-"),
                    member.path("listed").asBoolean() ? "yes" : "no",
                    member.path("takesPart").asText(),
                    member.path("role").asText(),
                    member.path("applied").asText("-"),
                    member.path("lag").asText("-"),
                    member.hasNonNull("waits") ? member.path("waits").asText() : "-");
        }
        table.end();
        terminal.out()
                .println("cell " + Terminal.harmless(answer.path("cell").asText()) + ": "
                        + (answer.path("settled").asBoolean()
                                ? "its members are those that the configuration lists"
                                : "its members are not yet those that the configuration lists"));
        return Findings.print(terminal, answer);
    }

    /** {@code anylease cell members list}. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description =
                    "Lists them: listed by the configuration or not, voting or listening, how far behind, and what"
                            + " one that comes or goes waits for. Exit code 1 when something is wrong.")
    static final class Listing implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private ServerOptions options = new ServerOptions();

        @Parameters(paramLabel = "CELL", description = "The cell.")
        private String cell = "";

        Listing(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            JsonNode answer = members(new AdminClient(terminal, options), cell);
            if (options.json()) {
                Anylease.print(terminal, answer);
                return Findings.exit(answer).number();
            }
            return print(terminal, answer).number();
        }
    }

    /** What adding and removing have in common. */
    private static final class Change {
        @Mixin
        private ServerOptions options = new ServerOptions();

        @Mixin
        private ChangeOptions change = new ChangeOptions();

        @Mixin
        private Waiting waiting = new Waiting();

        @Parameters(index = "0", paramLabel = "CELL", description = "The cell.")
        private String cell = "";

        @Parameters(index = "1", paramLabel = "SERVER", description = "The server's name.")
        private String server = "";

        CellId cellId() {
            return new CellId(cell);
        }

        ServerId serverId() {
            try {
                return new ServerId(server);
            } catch (IllegalArgumentException e) {
                throw new CliFailure(
                        ExitCode.USAGE, String.valueOf(e.getMessage()), "give the name that the configuration uses");
            }
        }

        String text(AdminClient client) {
            return client.get("/v1/config").path("text").asText();
        }

        List<ServerId> members(String text) {
            if (ConfigFile.system(ConfigSource.of("file", text))
                    instanceof ConfigReading.Accepted<SystemConfig> accepted) {
                return accepted.value().cells().stream()
                        .filter(one -> one.id().name().equals(cell))
                        .findFirst()
                        .map(SystemConfig.Cell::servers)
                        .orElseThrow(() -> new CliFailure(
                                ExitCode.NO, "there is no cell " + cell, "anylease cell status lists the cells"));
            }
            throw new CliFailure(
                    ExitCode.FAILED,
                    "the configuration in force is not valid for this release of the command",
                    "use the release that the servers run");
        }

        /** Shows the plan, applies the file, and waits until the cell is made so. */
        ExitCode carryOut(Terminal terminal, AdminClient client, String text, String plan) {
            JsonNode diff = client.post("/v1/config/diff?name=members", BodyPublishers.ofString(text));
            if (!options.json()) {
                terminal.out().println(Terminal.harmless(plan));
            }
            ExitCode applied = new ConfigPlan(terminal, client, options, change)
                    .carryOut(diff, "/v1/config/apply", new TreeMap<>(), text);
            if (applied != ExitCode.OK) {
                return applied;
            }
            terminal.err()
                    .println("the file in force has changed: write it over your own, before that is applied again:"
                            + " anylease config show > anylease.yaml");
            if (!waiting.isWanted()) {
                return ExitCode.OK;
            }
            JsonNode last = waiting.await(
                    client,
                    () -> MembersCommand.members(client, cell),
                    answer -> answer.path("settled").asBoolean(),
                    Change::waits);
            if (!last.path("settled").asBoolean()) {
                throw new CliFailure(
                        ExitCode.FAILED,
                        "the configuration is in force, but after " + waiting.shown() + " " + waits(last),
                        "the leader goes on with it by itself: anylease cell members list " + cell);
            }
            if (!options.json()) {
                print(terminal, last);
            }
            return ExitCode.OK;
        }

        private static String waits(JsonNode answer) {
            StringBuilder text = new StringBuilder();
            for (JsonNode member : answer.path("members")) {
                if (member.hasNonNull("waits")) {
                    text.append(text.isEmpty() ? "" : ", ")
                            .append(member.path("server").asText())
                            .append(' ')
                            .append(member.path("waits").asText());
                }
            }
            return text.isEmpty() ? "its leader has not begun yet" : text.toString();
        }
    }

    private static String edited(MembersEdit.Result result) {
        return switch (result) {
            case MembersEdit.Edited(String text) -> text;
            case MembersEdit.Refused(String what, String remedy) ->
                throw new CliFailure(ExitCode.REFUSED, what, remedy);
        };
    }

    private static String majority(int servers) {
        return servers + (servers == 1 ? " server" : " servers") + ", of which " + (servers / 2 + 1) + " must be there";
    }

    /** {@code anylease cell members add}. */
    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = "Adds a server to those that answer for a cell, by a change of the file in force. It listens"
                    + " until it has caught up, then votes. Prints its plan; --yes does it.")
    static final class Add implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private Change change = new Change();

        @Option(
                names = "--site",
                paramLabel = "SITE",
                defaultValue = "",
                description = "Of a server that the file does not name yet: its site, which is made if need be.")
        private String site = "";

        @Option(
                names = "--address",
                paramLabel = "ADDRESS",
                split = ",",
                description = "Of a server that the file does not name yet: its addresses.")
        private List<String> addresses = new ArrayList<>();

        Add(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            AdminClient client = new AdminClient(terminal, change.options);
            String text = change.text(client);
            List<ServerId> before = change.members(text);
            ServerId server = change.serverId();
            if (before.contains(server)) {
                throw new CliFailure(
                        ExitCode.REFUSED,
                        "server " + server + " answers for cell " + change.cell + " already",
                        "anylease cell members list " + change.cell + " shows how far it is");
            }
            String named = site.isEmpty() && addresses.isEmpty()
                    ? text
                    : edited(MembersEdit.server(text, siteId(), server, parsed()));
            if (ConfigFile.system(ConfigSource.of("file", named))
                            instanceof ConfigReading.Accepted<SystemConfig> accepted
                    && accepted.value().siteOf(server).isEmpty()) {
                throw new CliFailure(
                        ExitCode.REFUSED,
                        "server " + server + " stands in no site of the file in force",
                        "say where it is: --site SITE --address ADDRESS");
            }
            List<ServerId> after =
                    Stream.concat(before.stream(), Stream.of(server)).toList();
            String wanted = edited(MembersEdit.members(named, change.cellId(), after));
            return change.carryOut(
                            terminal,
                            client,
                            wanted,
                            "server " + server + " would take part in cell " + change.cell
                                    + ": it fetches a copy and listens, and votes once it has caught up; then "
                                    + majority(after.size())
                                    + ". Start it with the new file if it does not run yet")
                    .number();
        }

        private SiteId siteId() {
            if (site.isEmpty() || addresses.isEmpty()) {
                throw new CliFailure(
                        ExitCode.USAGE,
                        "a new server needs a site and an address",
                        "add --site SITE --address ADDRESS");
            }
            try {
                return new SiteId(site);
            } catch (IllegalArgumentException e) {
                throw new CliFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), "--site dc1, for example");
            }
        }

        private List<Ipv4> parsed() {
            try {
                return addresses.stream().map(Ipv4::parse).toList();
            } catch (IllegalArgumentException e) {
                throw new CliFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), "--address 10.1.0.2, for example");
            }
        }
    }

    /** {@code anylease cell members remove}. */
    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            description =
                    "Takes a server out of those that answer for a cell, by a change of the file in force. It goes"
                            + " after its last report, and deletes its copy. Prints its plan; --yes does it.")
    static final class Remove implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private Change change = new Change();

        Remove(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            AdminClient client = new AdminClient(terminal, change.options);
            String text = change.text(client);
            List<ServerId> before = change.members(text);
            ServerId server = change.serverId();
            if (!before.contains(server)) {
                throw new CliFailure(
                        ExitCode.REFUSED,
                        "server " + server + " is none of those that answer for cell " + change.cell + ": " + before,
                        "nothing has to be done");
            }
            if (before.size() == 1) {
                throw new CliFailure(
                        ExitCode.REFUSED,
                        "server " + server + " is the last one of cell " + change.cell,
                        "add another one first: anylease cell members add " + change.cell + " SERVER");
            }
            List<ServerId> after =
                    before.stream().filter(one -> !one.equals(server)).toList();
            String wanted = edited(MembersEdit.members(text, change.cellId(), after));
            return change.carryOut(
                            terminal,
                            client,
                            wanted,
                            "server " + server + " would leave cell " + change.cell
                                    + " once it has reported that it promises nothing more, and delete its copy; then "
                                    + majority(after.size())
                                    + ". One that is off is let go once it is declared down and waited out")
                    .number();
        }
    }
}
