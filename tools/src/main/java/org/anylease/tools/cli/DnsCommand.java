package org.anylease.tools.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code anylease dns}. */
@Command(name = "dns", mixinStandardHelpOptions = true, description = "Shows how clients' names stand in DNS.")
final class DnsCommand {
    static CommandLine line(Terminal terminal) {
        return new CommandLine(new DnsCommand()).addSubcommand(new CommandLine(new Status(terminal)));
    }

    /** {@code anylease dns status}. */
    @Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description = "Shows how many names stand in DNS, which wait, since when and why. Exit code 1 when updates"
                    + " fail.")
    static final class Status implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private ServerOptions options = new ServerOptions();

        Status(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            JsonNode answer = new AdminClient(terminal, options).get("/v1/dns");
            if (options.json()) {
                Anylease.print(terminal, answer);
                return Findings.exit(answer).number();
            }
            Table cells = new Table(
                    terminal, "CELL", "UPDATES BY", "PRESENT", "TO BE ADDED", "TO BE REMOVED", "ANOTHER CLIENT'S");
            for (JsonNode cell : answer.path("cells")) {
                cells.row(
                        cell.path("cell").asText(),
                        cell.path("sends").asBoolean() ? cell.path("leader").asText() : "nobody",
                        cell.path("present").asText("-"),
                        cell.path("adding").asText("-"),
                        cell.path("removing").asText("-"),
                        cell.path("refused").asText("-"));
            }
            cells.end();
            names(answer);
            return Findings.print(terminal, answer).number();
        }

        private void names(JsonNode answer) {
            Table table = new Table(terminal, "ADDRESS", "NAME", "PHASE", "SINCE", "TRIED", "LAST ERROR");
            boolean any = false;
            var now = terminal.clock().instant();
            for (JsonNode cell : answer.path("cells")) {
                for (JsonNode name : cell.path("open")) {
                    any = true;
                    table.row(
                            name.path("address").asText(),
                            Terminal.harmless(name.path("name").asText()),
                            name.path("phase").asText(),
                            Times.of(name.path("since").asText(), now),
                            name.path("attempts").asText("-"),
                            Terminal.harmless(name.path("error").asText("-")));
                }
            }
            if (any) {
                terminal.out().println();
                table.end();
            }
        }
    }
}
