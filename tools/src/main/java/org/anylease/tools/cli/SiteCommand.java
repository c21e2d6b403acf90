package org.anylease.tools.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code anylease site}. */
@Command(name = "site", mixinStandardHelpOptions = true, description = "Shows how sites are.")
final class SiteCommand {
    static CommandLine line(Terminal terminal) {
        return new CommandLine(new SiteCommand()).addSubcommand(new CommandLine(new Status(terminal)));
    }

    /** {@code anylease site status}. */
    @Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description = "Shows the servers of every site, and what is wrong. Exit code 1 when anything is.")
    static final class Status implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private ServerOptions options = new ServerOptions();

        @Parameters(arity = "0..1", paramLabel = "SITE", defaultValue = "", description = "Only this site.")
        private String site = "";

        Status(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            JsonNode answer = new AdminClient(terminal, options)
                    .get("/v1/sites" + AdminClient.query(Map.of("site", List.of(site))));
            if (options.json()) {
                Anylease.print(terminal, answer);
                return Findings.exit(answer).number();
            }
            Table table =
                    new Table(terminal, "SITE", "SERVER", "STATE", "UP SINCE", "CELLS", "LEADS", "ALONE", "SOFTWARE");
            for (JsonNode one : answer.path("sites")) {
                for (JsonNode server : one.path("servers")) {
                    boolean answers = server.path("answers").asBoolean();
                    table.row(
                            answers ? terminal::green : terminal::red,
                            one.path("site").asText(),
                            server.path("server").asText(),
                            answers ? "answers" : "silent",
                            Times.of(
                                    server.path("started").asText(""),
                                    terminal.clock().instant()),
                            server.path("cells").asText("-"),
                            server.path("leads").asText("-"),
                            server.path("alone").asText("-"),
                            server.path("software").asText("-"));
                }
            }
            table.end();
            return Findings.print(terminal, answer).number();
        }
    }
}
