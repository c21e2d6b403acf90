package org.anylease.tools.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code anylease pool}. */
@Command(name = "pool", mixinStandardHelpOptions = true, description = "Shows how full the pools are.")
final class PoolCommand {
    static CommandLine line(Terminal terminal) {
        return new CommandLine(new PoolCommand()).addSubcommand(new CommandLine(new Listing(terminal)));
    }

    /** {@code anylease pool list}. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description =
                    "Lists the pools of the cells that the server has a copy of. Exit code 1 when one runs short.")
    static final class Listing implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private ListOptions options = new ListOptions();

        Listing(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            JsonNode answer = options.ask(terminal, "/v1/pools");
            if (options.json()) {
                Anylease.print(terminal, answer);
                return Findings.exit(answer).number();
            }
            Table table = new Table(
                    terminal,
                    "POOL",
                    "SUBNET",
                    "CELL",
                    "SIZE",
                    "ACTIVE",
                    "OFFERED",
                    "WAITING",
                    "ABANDONED",
                    "ESCROWED",
                    "FREE");
            for (JsonNode pool : answer.path("pools")) {
                table.row(
                        pool.path("range").asText(),
                        pool.path("subnet").asText(),
                        pool.path("cell").asText(),
                        pool.path("size").asText(),
                        pool.path("active").asText(),
                        pool.path("offered").asText(),
                        pool.path("waiting").asText(),
                        pool.path("abandoned").asText(),
                        pool.path("escrowed").asText(),
                        pool.path("free").asText());
            }
            table.end();
            Findings.read(terminal, answer);
            return Findings.print(terminal, answer).number();
        }
    }
}
