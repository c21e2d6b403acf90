package org.anylease.tools.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code anylease server declare-down} and {@code undeclare-down}. */
final class DownCommand {
    private DownCommand() {}

    private static String author(Terminal terminal, String author) {
        return author.isEmpty() ? terminal.environment().getOrDefault("USER", "unknown") : author;
    }

    /** {@code anylease server declare-down}. */
    @Command(
            name = "declare-down",
            mixinStandardHelpOptions = true,
            description =
                    "Says that a server is off for good, so that addresses that wait for it wait no longer than its"
                            + " last promises run. Prints its plan; --fenced --yes does it.")
    static final class Declare implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private ServerOptions options = new ServerOptions();

        @Parameters(paramLabel = "SERVER", description = "The server's name.")
        private String name = "";

        @Option(
                names = "--fenced",
                description = "You vouch that it is switched off, or reaches no client, and stays so.")
        private boolean fenced;

        @Option(names = "--yes", description = "Do it.")
        private boolean yes;

        @Option(names = "--author", paramLabel = "NAME", defaultValue = "", description = "Who asks (default: $USER).")
        private String author = "";

        Declare(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            String missing = fenced && yes ? "" : fenced ? "--yes" : yes ? "--fenced" : "--fenced --yes";
            return new PlannedChange(
                            "/v1/servers/" + AdminClient.segment(name) + "/declare-down",
                            Map.of(
                                    "fenced",
                                    List.of(fenced ? "true" : ""),
                                    "author",
                                    List.of(author(terminal, author))),
                            this::plan,
                            this::done)
                    .run(terminal, options, missing)
                    .number();
        }

        private void plan(JsonNode plan) {
            terminal.out().println("server " + Terminal.harmless(name) + " would be declared down");
            terminal.out()
                    .println("  you vouch: "
                            + Terminal.harmless(plan.path("vouch").asText()));
            terminal.out().println("  if that is not so, an address may be promised to two clients");
            Instant now = terminal.clock().instant();
            for (JsonNode cell : plan.path("cells")) {
                String since = cell.path("since").asText("");
                String waits = cell.path("addresses").asText() + " addresses wait for reports now, "
                        + cell.path("escrow").asText() + " are set aside for it";
                String until = cell.path("until").asText("");
                terminal.out()
                        .println("  cell " + cell.path("cell").asText() + ": " + waits
                                + (until.isEmpty() ? "" : "; without this they wait until " + Times.of(until, now)));
                terminal.out()
                        .println("    "
                                + (since.isEmpty()
                                        ? "it would be awaited no longer from "
                                        : "it is declared down already, " + Times.of(since, now)
                                                + "; it is awaited no longer from ")
                                + Times.of(cell.path("awaitedUntil").asText(), now)
                                + ", when the last promise it may have made is over");
            }
            terminal.out().println("  when it is switched on again it promises nothing before it has caught up");
        }

        private void done(JsonNode answer) {
            Instant now = terminal.clock().instant();
            for (JsonNode cell : answer.path("cells")) {
                terminal.out()
                        .println("cell " + cell.path("cell").asText() + ": server "
                                + Terminal.harmless(name)
                                + (cell.path("result").asText().equals("done")
                                        ? " is declared down"
                                        : " was declared down already")
                                + "; it is awaited no longer from "
                                + Times.of(cell.path("awaitedUntil").asText(), now));
            }
            terminal.out()
                    .println("to take it back before then: anylease server undeclare-down " + Terminal.harmless(name)
                            + " --yes");
        }
    }

    /** {@code anylease server undeclare-down}. */
    @Command(
            name = "undeclare-down",
            mixinStandardHelpOptions = true,
            description =
                    "Takes a declare-down back, as long as nothing was freed on the strength of it. Prints its plan;"
                            + " --yes does it.")
    static final class Undo implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private ServerOptions options = new ServerOptions();

        @Parameters(paramLabel = "SERVER", description = "The server's name.")
        private String name = "";

        @Option(names = "--yes", description = "Do it.")
        private boolean yes;

        @Option(names = "--author", paramLabel = "NAME", defaultValue = "", description = "Who asks (default: $USER).")
        private String author = "";

        Undo(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            return new PlannedChange(
                            "/v1/servers/" + AdminClient.segment(name) + "/undeclare-down",
                            Map.of("author", List.of(author(terminal, author))),
                            this::plan,
                            answer -> terminal.out()
                                    .println(
                                            "server " + Terminal.harmless(name) + " is not declared down any more; what"
                                                    + " waits, waits for it again until it reports"))
                    .run(terminal, options, yes ? "" : "--yes")
                    .number();
        }

        private void plan(JsonNode plan) {
            Instant now = terminal.clock().instant();
            for (JsonNode cell : plan.path("cells")) {
                terminal.out()
                        .println("cell " + cell.path("cell").asText() + ": server " + Terminal.harmless(name)
                                + " was declared down "
                                + Times.of(cell.path("since").asText(), now)
                                + (cell.path("over").asBoolean()
                                        ? "; its wait is over since "
                                                + Times.of(
                                                        cell.path("awaitedUntil")
                                                                .asText(),
                                                        now)
                                                + ": only the server itself can take it back, once it is started"
                                        : "; that would be taken back, and what waits would wait for it again"));
            }
        }
    }
}
