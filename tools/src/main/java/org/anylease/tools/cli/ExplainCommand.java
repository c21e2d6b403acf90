package org.anylease.tools.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code anylease lease explain}. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description =
                "Says who promised an address to whom until when, by which rule, at which log index, on which server,"
                        + " and what it waits for. Asks every server.")
final class ExplainCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private ServerOptions options = new ServerOptions();

    @Parameters(paramLabel = "ADDRESS|MAC|CLIENT|HOSTNAME", description = "Of which lease.")
    private String of = "";

    ExplainCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        JsonNode answer = new AdminClient(terminal, options)
                .get("/v1/leases/explain" + AdminClient.query(Map.of("of", List.of(of))));
        if (options.json()) {
            Anylease.print(terminal, answer);
            return ExitCode.OK.number();
        }
        String gap = "";
        for (JsonNode one : answer.path("explanations")) {
            terminal.out().print(gap);
            print(one);
            gap = System.lineSeparator();
        }
        if (answer.path("more").asBoolean()) {
            terminal.err().println("there are more: anylease lease list shows them all");
        }
        return ExitCode.OK.number();
    }

    private void print(JsonNode one) {
        StringBuilder head = new StringBuilder(one.path("address").asText())
                .append("  ")
                .append(one.path("state").asText())
                .append("  cell ")
                .append(one.path("cell").asText());
        for (String place : List.of("network", "pool")) {
            if (one.has(place)) {
                head.append(", ")
                        .append(place)
                        .append(' ')
                        .append(one.path(place).asText());
            }
        }
        terminal.out().println(terminal.bold(Terminal.harmless(head.toString())));
        one.path("sentences").forEach(sentence -> terminal.out().println("  " + Terminal.harmless(sentence.asText())));
        Table table = new Table(terminal, "  SERVER", "SITE", "INDEX", "MODE", "SAYS", "UNTIL", "ALONE");
        for (JsonNode server : one.path("servers")) {
            boolean answers = server.path("answers").asBoolean();
            table.row(
                    "  " + server.path("server").asText(),
                    server.path("site").asText("-"),
                    server.path("index").asText("-"),
                    server.path("mode").asText("-"),
                    answers
                            ? server.path("state").asText()
                            : server.path("problem").asText(),
                    Times.of(server.path("until").asText(""), terminal.clock().instant()),
                    server.has("promise")
                            ? server.at("/promise/rule").asText() + " until "
                                    + Times.of(
                                            server.at("/promise/until").asText(),
                                            terminal.clock().instant())
                            : "-");
        }
        table.end();
    }
}
