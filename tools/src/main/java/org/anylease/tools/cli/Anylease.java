package org.anylease.tools.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The {@code anylease} command, from which all others hang. */
@Command(
        name = "anylease",
        version = "anylease 0.1.0-SNAPSHOT",
        mixinStandardHelpOptions = true,
        description = "Runs and asks Anylease, a DHCP server for anycast networks.")
public final class Anylease implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    private Anylease() {}

    /**
     * Runs one command and exits with its code.
     *
     * @param arguments what was typed after {@code anylease}
     */
    public static void main(String[] arguments) {
        System.exit(execute(arguments));
    }

    /**
     * Runs one command in this process.
     *
     * @param arguments what would be typed after {@code anylease}
     * @return the exit code
     */
    public static int execute(String... arguments) {
        return run(Terminal.ofProcess(), new ServerStart(), arguments);
    }

    /**
     * Runs one command in this process, as if its output went to files.
     *
     * @param out its standard output
     * @param err its standard error
     * @param arguments what would be typed after {@code anylease}
     * @return the exit code
     */
    public static int execute(PrintStream out, PrintStream err, String... arguments) {
        Terminal terminal = new Terminal(System.in, out, err, 0, false, System.getenv(), InstantSource.system());
        return run(terminal, new ServerStart(), arguments);
    }

    /** Runs one command. */
    static int run(Terminal terminal, ServerStart start, String... arguments) {
        CommandLine root = line(terminal, start);
        root.setExecutionExceptionHandler((e, line, parsed) -> failed(e, terminal, arguments));
        return root.execute(arguments);
    }

    /** The whole tree of commands. */
    static CommandLine line(Terminal terminal, ServerStart start) {
        CommandLine root = new CommandLine(new Anylease())
                .addSubcommand(ServerCommand.line(terminal, start))
                .addSubcommand(ConfigCommand.line(terminal))
                .addSubcommand(LeaseCommand.line(terminal))
                .addSubcommand(PoolCommand.line(terminal))
                .addSubcommand(ReservationCommand.line(terminal))
                .addSubcommand(CellCommand.line(terminal))
                .addSubcommand(SiteCommand.line(terminal))
                .addSubcommand(ConflictCommand.line(terminal))
                .addSubcommand(AutonomyCommand.line(terminal))
                .addSubcommand(DnsCommand.line(terminal))
                .addSubcommand(AnycastCommand.line(terminal))
                .addSubcommand(ImportCommand.line(terminal))
                .addSubcommand(new CommandLine(new DhcpdCommand(terminal, start)))
                .addSubcommand(new CommandLine(new DecodeCommand(terminal)));
        root.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
        root.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
        root.setColorScheme(CommandLine.Help.defaultColorScheme(terminal.interactive() ? Ansi.ON : Ansi.OFF));
        root.setUsageHelpLongOptionsMaxWidth(30);
        root.setUsageHelpWidth(Math.max(80, terminal.width()));
        root.getCommandSpec().usageMessage().footer(footer());
        return root;
    }

    private static String[] footer() {
        List<String> lines = new ArrayList<>(List.of("", "Exit codes:"));
        for (ExitCode code : ExitCode.values()) {
            lines.add("  " + code.number() + "  " + code.meaning());
        }
        lines.add("");
        lines.add("The server asked is --server, else $" + ServerOptions.VARIABLE + ", else " + ServerOptions.DEFAULT
                + ". NO_COLOR switches colours off.");
        return lines.toArray(String[]::new);
    }

    private static int failed(Exception e, Terminal terminal, String... arguments) throws Exception {
        if (!(e instanceof CliFailure failure)) {
            throw e;
        }
        if (List.of(arguments).contains("--json")) {
            print(terminal, failure.toJson(AdminClient.MAPPER));
        } else {
            terminal.err().println(terminal.red("anylease: " + Terminal.harmless(String.valueOf(e.getMessage()))));
            Findings.details(terminal, failure.details());
            terminal.err().println("  " + Terminal.harmless(failure.remedy()));
        }
        return failure.exit().number();
    }

    static void print(Terminal terminal, JsonNode answer) {
        try {
            terminal.out()
                    .println(AdminClient.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(answer));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree in memory could not be written", e);
        }
    }

    @Override
    public void run() {
        CommandSpec self = spec;
        if (self != null) {
            self.commandLine().usage(self.commandLine().getOut());
        }
    }
}
