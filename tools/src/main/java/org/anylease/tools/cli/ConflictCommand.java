package org.anylease.tools.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code anylease conflict}. */
@Command(
        name = "conflict",
        mixinStandardHelpOptions = true,
        description = "Shows addresses that were promised to two clients, and forgets those that were seen to.")
final class ConflictCommand {
    static CommandLine line(Terminal terminal) {
        return new CommandLine(new ConflictCommand())
                .addSubcommand(new CommandLine(new Listing(terminal)))
                .addSubcommand(new CommandLine(new Clear(terminal)));
    }

    private static String client(JsonNode client) {
        if (!client.isObject()) {
            return "nobody";
        }
        String mac = client.path("mac").asText();
        String host = client.path("hostname").asText();
        return Terminal.harmless(
                (mac.isEmpty() ? client.path("id").asText() : mac) + (host.isEmpty() ? "" : " (" + host + ")"));
    }

    private static void print(Terminal terminal, JsonNode conflict) {
        var now = terminal.clock().instant();
        terminal.out()
                .println(terminal.red(conflict.path("address").asText() + "  cell "
                        + conflict.path("cell").asText() + ", found "
                        + Times.of(conflict.path("time").asText(), now) + " at log entry "
                        + conflict.path("index").asText()));
        terminal.out()
                .println("  the cell had it for " + client(conflict.path("holder"))
                        + (conflict.path("holder").isObject()
                                ? " until "
                                        + Times.of(conflict.path("holderUntil").asText(), now)
                                : ""));
        terminal.out()
                .println("  server " + conflict.path("by").asText() + " promised it alone, by rule "
                        + conflict.path("rule").asText() + ", to "
                        + client(conflict.path("promised")) + " until "
                        + Times.of(conflict.path("until").asText(), now));
    }

    /** {@code anylease conflict list}. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Shows addresses that were promised to two clients. Exit code 1 when there is any.")
    static final class Listing implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private ListOptions options = new ListOptions();

        Listing(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            JsonNode answer = options.ask(terminal, "/v1/conflicts");
            JsonNode conflicts = answer.path("conflicts");
            ExitCode exit = conflicts.isEmpty() ? ExitCode.OK : ExitCode.NO;
            if (options.json()) {
                Anylease.print(terminal, answer);
                return exit.number();
            }
            conflicts.forEach(conflict -> print(terminal, conflict));
            if (answer.path("dropped").asLong() > 0) {
                terminal.out()
                        .println(terminal.yellow(answer.path("dropped").asText()
                                + " older ones were dropped to make room: see the servers' logs for them"));
            }
            if (conflicts.isEmpty()) {
                terminal.out().println("no address was promised to two clients");
            } else {
                terminal.out().println("""
                    Each stays in quarantine until both promises are over; the later client is refused at its next
                    contact and gets another address. It takes a server that was declared down and was not, a disk
                    that was put back to an older state, or a clock past its bound: find which, and see to it.
                    Then: anylease conflict clear ADDRESS --yes\
                    """);
            }
            return exit.number();
        }
    }

    /** {@code anylease conflict clear}. */
    @Command(
            name = "clear",
            mixinStandardHelpOptions = true,
            description = "Forgets what was found of an address that you have seen to. Its quarantine stays.")
    static final class Clear implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private ServerOptions options = new ServerOptions();

        @Parameters(paramLabel = "ADDRESS", description = "The address.")
        private String address = "";

        @Option(names = "--yes", description = "Do it.")
        private boolean yes;

        Clear(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            return new PlannedChange(
                            "/v1/conflicts/clear",
                            Map.of("address", List.of(address)),
                            plan -> {
                                plan.path("conflicts").forEach(conflict -> print(terminal, conflict));
                                terminal.out().println("the record of this would be forgotten");
                            },
                            done -> terminal.out()
                                    .println("cleared " + done.path("conflicts").size() + " of "
                                            + Terminal.harmless(address)))
                    .run(terminal, options, yes ? "" : "--yes")
                    .number();
        }
    }
}
