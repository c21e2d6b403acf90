package org.anylease.tools.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code anylease server drain} and {@code undrain}. */
final class DrainCommand {
    /** How long the handing over is watched; an election takes a second. */
    private static final int WATCHED_SECONDS_MAX = 30;

    private static final long POLL_MILLIS = 200;
    private static final int POLLS_MAX = (int) (WATCHED_SECONDS_MAX * 1000 / POLL_MILLIS);
    private static final int POLLS_SILENT = (int) (2000 / POLL_MILLIS);

    private DrainCommand() {}

    private static String list(JsonNode cells) {
        StringBuilder text = new StringBuilder();
        cells.forEach(cell -> text.append(text.isEmpty() ? "" : ", ").append(cell.asText()));
        return text.isEmpty() ? "no cell" : text.toString();
    }

    /** {@code anylease server drain}. */
    @Command(
            name = "drain",
            mixinStandardHelpOptions = true,
            description =
                    "Lets a server hand over the cells it leads and lead none, before it is taken out of service. It"
                            + " serves on. Prints its plan; --yes does it.")
    static final class Drain implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private ServerOptions options = new ServerOptions();

        @Parameters(paramLabel = "SERVER", description = "The server's name.")
        private String name = "";

        @Option(names = "--yes", description = "Do it.")
        private boolean yes;

        Drain(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            String path = "/v1/servers/" + AdminClient.segment(name);
            ExitCode asked = new PlannedChange(
                            path + "/drain",
                            Map.of(),
                            plan -> terminal.out()
                                    .println("server " + Terminal.harmless(name) + " leads "
                                            + list(plan.path("leading"))
                                            + "; it would hand over, and lead nothing until it is undrained or"
                                            + " restarted"),
                            _ -> {})
                    .run(terminal, options, yes ? "" : "--yes");
            JsonNode state = awaitHandedOver(path);
            if (!options.json()) {
                terminal.out()
                        .println("server " + Terminal.harmless(name)
                                + " is drained: it leads no cell, and can be stopped. Undo: anylease server undrain "
                                + Terminal.harmless(name) + " --yes");
            }
            return state.path("leading").isEmpty() ? asked.number() : ExitCode.FAILED.number();
        }

        private JsonNode awaitHandedOver(String path) {
            AdminClient client = new AdminClient(terminal, options);
            JsonNode state = client.get(path + "/drain");
            for (int polls = 0; !state.path("leading").isEmpty(); polls++) {
                if (polls == POLLS_MAX) {
                    throw new CliFailure(
                            ExitCode.FAILED,
                            "server " + name + " still leads " + list(state.path("leading")) + " after "
                                    + WATCHED_SECONDS_MAX + " s: no other server can take it",
                            "see anylease cell status; it goes on handing over until it is undrained");
                }
                if (polls >= POLLS_SILENT) {
                    client.progress(
                            "waiting until " + list(state.path("leading")) + " is led elsewhere",
                            polls == POLLS_SILENT);
                }
                try {
                    TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new CliFailure(ExitCode.FAILED, "interrupted", "start the command again");
                }
                state = client.get(path + "/drain");
            }
            return state;
        }
    }

    /** {@code anylease server undrain}. */
    @Command(
            name = "undrain",
            mixinStandardHelpOptions = true,
            description = "Lets a server lead cells again. Prints its plan; --yes does it.")
    static final class Undrain implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private ServerOptions options = new ServerOptions();

        @Parameters(paramLabel = "SERVER", description = "The server's name.")
        private String name = "";

        @Option(names = "--yes", description = "Do it.")
        private boolean yes;

        Undrain(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            return new PlannedChange(
                            "/v1/servers/" + AdminClient.segment(name) + "/undrain",
                            Map.of(),
                            plan -> terminal.out()
                                    .println("server " + Terminal.harmless(name)
                                            + (plan.path("drained").asBoolean()
                                                    ? " is drained since "
                                                            + Times.of(
                                                                    plan.path("since")
                                                                            .asText(),
                                                                    terminal.clock()
                                                                            .instant())
                                                            + "; it would lead cells again"
                                                    : " is not drained; nothing would change")),
                            _ -> terminal.out()
                                    .println("server " + Terminal.harmless(name)
                                            + " leads cells again when it is its turn"))
                    .run(terminal, options, yes ? "" : "--yes")
                    .number();
        }
    }
}
