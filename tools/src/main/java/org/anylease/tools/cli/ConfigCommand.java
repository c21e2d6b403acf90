package org.anylease.tools.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.anylease.server.config.ConfigFile;
import org.anylease.server.config.ConfigProblem;
import org.anylease.server.config.ConfigReading;
import org.anylease.server.config.ConfigSource;
import org.anylease.server.config.SystemConfig;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code anylease config}. */
@Command(name = "config", mixinStandardHelpOptions = true, description = "Shows, checks and changes the configuration.")
final class ConfigCommand {
    private static final long FILE_BYTES_MAX = 16 << 20;

    static CommandLine line(Terminal terminal) {
        return new CommandLine(new ConfigCommand())
                .addSubcommand(new CommandLine(new Check(terminal)))
                .addSubcommand(new CommandLine(new Diff(terminal)))
                .addSubcommand(new CommandLine(new Apply(terminal)))
                .addSubcommand(new CommandLine(new Show(terminal)))
                .addSubcommand(new CommandLine(new History(terminal)))
                .addSubcommand(new CommandLine(new Rollback(terminal)));
    }

    private static String text(String file) {
        try {
            Path path = Path.of(file);
            if (Files.size(path) > FILE_BYTES_MAX) {
                throw new CliFailure(ExitCode.USAGE, file + " is larger than 16 MiB", "name the system configuration");
            }
            return Files.readString(path);
        } catch (IOException e) {
            throw new CliFailure(
                    ExitCode.USAGE, file + " cannot be read: " + e.getMessage(), "name a text file that exists");
        }
    }

    private static String diff(String file) {
        return "/v1/config/diff" + AdminClient.query(Map.of("name", List.of(file)));
    }

    /** {@code anylease config check}. */
    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description = "Checks a file without asking a server. Exit code 1 when it is not valid.")
    static final class Check implements Callable<Integer> {
        private final Terminal terminal;

        @Option(names = "--json", description = "Print the answer as JSON.")
        private boolean json;

        @Parameters(paramLabel = "FILE", description = "A system configuration.")
        private String file = "";

        Check(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            ConfigReading<SystemConfig> reading = ConfigFile.system(ConfigSource.of(file, text(file)));
            boolean valid = reading instanceof ConfigReading.Accepted;
            if (json) {
                ObjectNode answer = AdminClient.MAPPER.createObjectNode().put("valid", valid);
                ArrayNode problems = answer.putArray("problems");
                reading.problems().forEach(problem -> problems.add(json(problem)));
                Anylease.print(terminal, answer);
            } else {
                reading.problems().forEach(problem -> terminal.out().println(Terminal.harmless(problem.toString())));
                terminal.out().println(valid ? file + " is valid" : file + " is not valid");
            }
            return (valid ? ExitCode.OK : ExitCode.NO).number();
        }

        private static ObjectNode json(ConfigProblem problem) {
            return AdminClient.MAPPER
                    .createObjectNode()
                    .put("severity", problem.severity() == ConfigProblem.Severity.ERROR ? "error" : "warning")
                    .put("line", problem.line())
                    .put("column", problem.column())
                    .put("path", problem.path())
                    .put("what", problem.what())
                    .put("valid", problem.valid());
        }
    }

    /** {@code anylease config diff}. */
    @Command(
            name = "diff",
            mixinStandardHelpOptions = true,
            description = "Shows what a file would change, and for how many leases. Exit code 1 when anything.")
    static final class Diff implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private ServerOptions options = new ServerOptions();

        @Parameters(paramLabel = "FILE", description = "A system configuration.")
        private String file = "";

        Diff(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            JsonNode answer = new AdminClient(terminal, options).post(diff(file), BodyPublishers.ofString(text(file)));
            if (options.json()) {
                Anylease.print(terminal, answer);
            } else {
                ConfigPlan.print(terminal, answer);
            }
            return (answer.path("changes").isEmpty() ? ExitCode.OK : ExitCode.NO).number();
        }
    }

    /** {@code anylease config apply}. */
    @Command(
            name = "apply",
            mixinStandardHelpOptions = true,
            description = "Puts a file in force everywhere at once. Prints what it changes; --yes does it.")
    static final class Apply implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private ServerOptions options = new ServerOptions();

        @Mixin
        private ChangeOptions change = new ChangeOptions();

        @Parameters(paramLabel = "FILE", description = "A system configuration.")
        private String file = "";

        Apply(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            String text = text(file);
            AdminClient client = new AdminClient(terminal, options);
            JsonNode diff = client.post(diff(file), BodyPublishers.ofString(text));
            return new ConfigPlan(terminal, client, options, change)
                    .carryOut(diff, "/v1/config/apply", new TreeMap<>(Map.of("name", List.of(file))), text)
                    .number();
        }
    }

    /** {@code anylease config rollback}. */
    @Command(
            name = "rollback",
            mixinStandardHelpOptions = true,
            description =
                    "Puts an earlier version in force again, as a new one. Prints what it changes; --yes does it.")
    static final class Rollback implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private ServerOptions options = new ServerOptions();

        @Mixin
        private ChangeOptions change = new ChangeOptions();

        @Option(
                names = "--to",
                required = true,
                paramLabel = "VERSION",
                description = "As anylease config history lists.")
        private long to;

        Rollback(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            AdminClient client = new AdminClient(terminal, options);
            String version = Long.toString(to);
            JsonNode diff = client.post("/v1/config/diff?version=" + version, BodyPublishers.noBody());
            return new ConfigPlan(terminal, client, options, change)
                    .carryOut(diff, "/v1/config/rollback", new TreeMap<>(Map.of("to", List.of(version))), "")
                    .number();
        }
    }

    /** {@code anylease config show}. */
    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Prints the file in force, or that of an earlier version.")
    static final class Show implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private ServerOptions options = new ServerOptions();

        @Option(names = "--version-number", paramLabel = "VERSION", defaultValue = "0", description = "An earlier one.")
        private long version;

        Show(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            JsonNode answer = new AdminClient(terminal, options).get("/v1/config?version=" + version);
            if (options.json()) {
                Anylease.print(terminal, answer);
            } else {
                terminal.err()
                        .println("version " + answer.path("version").asText() + " by "
                                + Terminal.harmless(answer.path("author").asText()) + ", "
                                + Times.of(
                                        answer.path("committed").asText(),
                                        terminal.clock().instant()));
                terminal.out().print(answer.path("text").asText());
                terminal.out().flush();
            }
            return ExitCode.OK.number();
        }
    }

    /** {@code anylease config history}. */
    @Command(name = "history", mixinStandardHelpOptions = true, description = "Lists the versions that are kept.")
    static final class History implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private ServerOptions options = new ServerOptions();

        History(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            JsonNode answer = new AdminClient(terminal, options).get("/v1/config/history");
            if (options.json()) {
                Anylease.print(terminal, answer);
                return ExitCode.OK.number();
            }
            Table table = new Table(terminal, "VERSION", "COMMITTED", "AUTHOR");
            for (JsonNode revision : answer.path("revisions")) {
                table.row(
                        revision.path("version").asText(),
                        Times.of(
                                revision.path("committed").asText(),
                                terminal.clock().instant()),
                        revision.path("author").asText());
            }
            table.end();
            return ExitCode.OK.number();
        }
    }
}
