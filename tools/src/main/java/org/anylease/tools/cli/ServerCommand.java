package org.anylease.tools.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code anylease server}. */
@Command(
        name = "server",
        mixinStandardHelpOptions = true,
        description = "Runs a server, and says what becomes of others.")
final class ServerCommand {
    static CommandLine line(Terminal terminal, ServerStart start) {
        return new CommandLine(new ServerCommand())
                .addSubcommand(new CommandLine(new Run(terminal, start)))
                .addSubcommand(new CommandLine(new DownCommand.Declare(terminal)))
                .addSubcommand(new CommandLine(new DownCommand.Undo(terminal)))
                .addSubcommand(new CommandLine(new DrainCommand.Drain(terminal)))
                .addSubcommand(new CommandLine(new DrainCommand.Undrain(terminal)));
    }

    /** {@code anylease server run}. */
    @Command(
            name = "run",
            mixinStandardHelpOptions = true,
            description = "Runs a server in the foreground until it is interrupted.")
    static final class Run implements Callable<Integer> {
        private final Terminal terminal;
        private final ServerStart start;

        @Option(names = "--config", required = true, paramLabel = "FILE", description = "The server's own file.")
        private @Nullable Path config;

        Run(Terminal terminal, ServerStart start) {
            this.terminal = terminal;
            this.start = start;
        }

        @Override
        public Integer call() {
            Path file = Objects.requireNonNull(config, "picocli sets required options");
            if (!Files.isReadable(file)) {
                throw new CliFailure(
                        ExitCode.USAGE,
                        file + " cannot be read",
                        "name the server's own file, as docs/operations/cli.md shows one");
            }
            terminal.err().println("anylease: running with " + file + "; interrupt to stop");
            return start.run(file).number();
        }
    }
}
