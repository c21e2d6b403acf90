package org.anylease.tools.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code anylease cell verify}. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description =
                "Compares the copies of a cell on all its servers at one log index, in memory and on disk, and says"
                    + " which addresses differ. Service goes on. Exit code 1 when a copy differs or was not compared.")
final class VerifyCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private ServerOptions options = new ServerOptions();

    @Parameters(paramLabel = "CELL", description = "The cell.")
    private String cell = "";

    VerifyCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        JsonNode answer = new AdminClient(terminal, options)
                .post("/v1/cells/" + AdminClient.segment(cell) + "/verify", BodyPublishers.noBody());
        if (options.json()) {
            Anylease.print(terminal, answer);
            return Findings.exit(answer).number();
        }
        return print(terminal, cell, answer).number();
    }

    /** Prints how the copies compare, and what is wrong. */
    static ExitCode print(Terminal terminal, String cell, JsonNode answer) {
        Table table = new Table(terminal, "SERVER", "DIGEST", "AGREES", "DIFFERS IN");
        for (JsonNode server : answer.path("servers")) {
            boolean agrees = server.path("agrees").asBoolean();
            StringBuilder ranges = new StringBuilder();
            server.path("ranges")
                    .forEach(
                            range -> ranges.append(ranges.isEmpty() ? "" : ", ").append(range.asText()));
            table.row(
                    agrees ? terminal::green : terminal::red,
                    server.path("server").asText(),
                    server.path("digest").asText(),
                    agrees ? "yes" : "no",
                    ranges.isEmpty() ? "-" : ranges.toString());
        }
        table.end();
        int copies = answer.path("servers").size();
        terminal.out()
                .println("cell " + Terminal.harmless(cell) + " at log index "
                        + answer.path("index").asText() + ": "
                        + (answer.path("agree").asBoolean()
                                ? "all " + copies + " copies that were compared agree"
                                : "copies differ"));
        return Findings.print(terminal, answer);
    }
}
