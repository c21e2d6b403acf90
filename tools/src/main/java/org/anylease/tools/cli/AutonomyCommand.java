package org.anylease.tools.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code anylease autonomy}. */
@Command(
        name = "autonomy",
        mixinStandardHelpOptions = true,
        description = "Shows how long each server could go on alone.")
final class AutonomyCommand {
    static CommandLine line(Terminal terminal) {
        return new CommandLine(new AutonomyCommand()).addSubcommand(new CommandLine(new Status(terminal)));
    }

    /** {@code anylease autonomy status}. */
    @Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description = "Shows for each server and cell how long it could serve known and new clients alone, and why."
                    + " Exit code 1 when one could not.")
    static final class Status implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private ServerOptions options = new ServerOptions();

        @Parameters(arity = "0..1", paramLabel = "SERVER", defaultValue = "", description = "Only this server.")
        private String name = "";

        Status(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            JsonNode answer = new AdminClient(terminal, options)
                    .get("/v1/autonomy" + AdminClient.query(Map.of("server", List.of(name))));
            if (options.json()) {
                Anylease.print(terminal, answer);
                return Findings.exit(answer).number();
            }
            for (JsonNode server : answer.path("servers")) {
                String head = server.path("server").asText() + " at "
                        + server.path("site").asText();
                if (!server.path("answers").asBoolean()) {
                    terminal.out().println(terminal.red(Terminal.harmless(head + " does not answer")));
                }
                for (JsonNode cell : server.path("cells")) {
                    print(head, cell);
                }
            }
            return Findings.print(terminal, answer).number();
        }

        private void print(String head, JsonNode cell) {
            terminal.out()
                    .println(terminal.bold(Terminal.harmless(head + ", cell "
                            + cell.path("cell").asText() + ": "
                            + cell.path("mode").asText() + " since "
                            + Times.of(
                                    cell.path("since").asText(),
                                    terminal.clock().instant()))));
            terminal.out()
                    .println("  autonomy: "
                            + Terminal.harmless(cell.path("summary").asText()));
            terminal.out()
                    .println("  promised alone since its start: " + rules(cell.path("promised"))
                            + "; not committed yet: " + rules(cell.path("pending")));
            for (JsonNode network : cell.path("networks")) {
                String until = network.path("until").asText("");
                terminal.out()
                        .println("  network "
                                + Terminal.harmless(network.path("network").asText()) + ": "
                                + network.path("unclaimed").asText() + " of "
                                + network.path("granted").asText() + " set aside are left, "
                                + network.path("wanted").asText() + " wished for"
                                + (until.isEmpty()
                                        ? ""
                                        : ", the first of them until "
                                                + Times.of(
                                                        until, terminal.clock().instant()))
                                + "; " + network.path("newClientsPerHour").asText() + " new clients an hour"
                                + (network.hasNonNull("lastsSeconds")
                                        ? ", lasts "
                                                + Times.distance(Duration.ofSeconds(network.path("lastsSeconds")
                                                        .asLong()))
                                        : ""));
            }
        }

        private static String rules(JsonNode counts) {
            StringBuilder text = new StringBuilder();
            counts.properties()
                    .forEach(rule -> text.append(text.isEmpty() ? "" : ", ")
                            .append(rule.getValue().asText())
                            .append(" by ")
                            .append(rule.getKey()));
            return text.toString();
        }
    }
}
