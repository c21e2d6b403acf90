package org.anylease.tools.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code anylease cell}. */
@Command(
        name = "cell",
        mixinStandardHelpOptions = true,
        description = "Shows, compares, backs up and restores cells, and changes who takes part.")
final class CellCommand {
    static CommandLine line(Terminal terminal) {
        return new CommandLine(new CellCommand())
                .addSubcommand(new CommandLine(new Status(terminal)))
                .addSubcommand(new CommandLine(new Backup(terminal)))
                .addSubcommand(new CommandLine(new Restore(terminal)))
                .addSubcommand(new CommandLine(new VerifyCommand(terminal)))
                .addSubcommand(MembersCommand.line(terminal))
                .addSubcommand(new CommandLine(new ResyncCommand(terminal)))
                .addSubcommand(new CommandLine(new RecoverCommand(terminal)));
    }

    /** {@code anylease cell status}. */
    @Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description = "Shows leader, members, lag and digests, and what is wrong. Exit code 1 when anything is.")
    static final class Status implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private ServerOptions options = new ServerOptions();

        @Parameters(arity = "0..1", paramLabel = "CELL", defaultValue = "", description = "Only this cell.")
        private String cell = "";

        Status(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            String path = cell.isEmpty() ? "/v1/cells" : "/v1/cells/" + AdminClient.segment(cell);
            JsonNode answer = new AdminClient(terminal, options).get(path);
            if (options.json()) {
                Anylease.print(terminal, answer);
                return Findings.exit(answer).number();
            }
            Table table = new Table(
                    terminal, "CELL", "SERVER", "SITE", "ROLE", "MODE", "SINCE", "INDEX", "LAG", "DIGEST", "CONFIG");
            for (JsonNode one : answer.path("cells")) {
                for (JsonNode member : one.path("members")) {
                    table.row(
                            one.path("cell").asText(),
                            member.path("server").asText(),
                            member.path("site").asText(),
                            member.path("role").asText(),
                            member.path("mode").asText("-"),
                            Times.of(
                                    member.path("since").asText(""),
                                    terminal.clock().instant()),
                            member.path("applied").asText("-"),
                            member.path("lag").asText("-"),
                            member.path("digest").asText("-"),
                            member.path("configVersion").asText("-"));
                }
            }
            table.end();
            for (JsonNode one : answer.path("cells")) {
                terminal.out()
                        .println("cell " + one.path("cell").asText() + ": leader "
                                + one.path("leader").asText("none") + ", digests "
                                + one.path("digests").asText() + ", "
                                + one.path("waiting").asText("0") + " addresses wait for reports");
            }
            return Findings.print(terminal, answer).number();
        }
    }

    /** {@code anylease cell backup}. */
    @Command(
            name = "backup",
            mixinStandardHelpOptions = true,
            description = "Writes a cell's leases and configuration to a file, as they are at one log index.")
    static final class Backup implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private ServerOptions options = new ServerOptions();

        @Parameters(paramLabel = "CELL", description = "The cell.")
        private String cell = "";

        @Option(
                names = "--output",
                required = true,
                paramLabel = "FILE",
                description = "A file that does not exist yet.")
        private @Nullable Path output;

        Backup(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            Path file = Objects.requireNonNull(output, "picocli sets required options");
            AdminClient client = new AdminClient(terminal, options);
            BackupTarget target = new BackupTarget(client, file);
            try (InputStream body = client.getStream("/v1/cells/" + AdminClient.segment(cell) + "/backup")) {
                JsonNode header = target.save(body);
                if (options.json()) {
                    Anylease.print(terminal, header);
                } else {
                    terminal.out()
                            .println("backed up cell " + cell + " at log index "
                                    + header.path("index").asText() + ": "
                                    + header.path("bindings").asText() + " bindings, "
                                    + header.path("bytes").asText() + " bytes in " + file);
                }
                return ExitCode.OK.number();
            } catch (IOException e) {
                throw client.brokenOff(e);
            }
        }
    }

    /** {@code anylease cell restore}. */
    @Command(
            name = "restore",
            mixinStandardHelpOptions = true,
            description = "Puts a backup's leases in place, where no newer ones are. Prints its plan; --yes does it.")
    static final class Restore implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private ServerOptions options = new ServerOptions();

        @Parameters(index = "0", paramLabel = "CELL", description = "The cell.")
        private String cell = "";

        @Parameters(index = "1", paramLabel = "FILE", description = "A file of anylease cell backup.")
        private @Nullable Path file;

        @Option(names = "--yes", description = "Do it.")
        private boolean yes;

        Restore(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws IOException {
            Path backup = Objects.requireNonNull(file, "picocli sets required parameters");
            if (!backup.toFile().canRead()) {
                throw new CliFailure(ExitCode.USAGE, backup + " cannot be read", "name a file of anylease cell backup");
            }
            RestoreRun run = new RestoreRun(terminal, new AdminClient(terminal, options), cell, backup);
            JsonNode plan = run.plan();
            if (!options.json()) {
                print(plan);
                run.print(plan);
            }
            if (!yes) {
                if (options.json()) {
                    Anylease.print(terminal, plan);
                    return ExitCode.REFUSED.number();
                }
                throw new CliFailure(ExitCode.REFUSED, "nothing was changed", "add --yes to do it");
            }
            JsonNode result = run.run();
            if (options.json()) {
                Anylease.print(terminal, result);
            } else {
                run.printResult(result);
            }
            return RestoreRun.exit(result).number();
        }

        private void print(JsonNode plan) {
            terminal.out()
                    .println("backup of cell " + plan.at("/backup/cell").asText() + " of cluster "
                            + Terminal.harmless(plan.at("/backup/cluster").asText()) + " at log index "
                            + plan.at("/backup/index").asText() + ", taken "
                            + Times.of(
                                    plan.at("/backup/time").asText(),
                                    terminal.clock().instant()));
        }
    }
}
