package org.anylease.tools.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * {@code anylease cell members promote}: waits for what the leader does by itself. To promote a server that lacks
 * entries would make the cell wait for it at every commit, so nobody can ask for that.
 */
@Command(
        name = "promote",
        mixinStandardHelpOptions = true,
        description = "Waits until a server of a cell votes. The leader promotes it as soon as it has caught up; this"
                + " shows how far it is, and what it waits for when it does not get there.")
final class PromoteCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private ServerOptions options = new ServerOptions();

    @Mixin
    private Waiting waiting = new Waiting();

    @Parameters(index = "0", paramLabel = "CELL", description = "The cell.")
    private String cell = "";

    @Parameters(index = "1", paramLabel = "SERVER", description = "The server's name.")
    private String server = "";

    PromoteCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        AdminClient client = new AdminClient(terminal, options);
        JsonNode last = waiting.await(client, () -> row(client), PromoteCommand::votes, this::standing);
        if (options.json()) {
            Anylease.print(terminal, last);
        } else if (votes(last)) {
            terminal.out().println(Terminal.harmless(standing(last)));
        }
        if (!votes(last)) {
            throw new CliFailure(
                    ExitCode.FAILED,
                    "after " + waiting.shown() + " " + standing(last),
                    "the leader goes on with it by itself: anylease cell members list " + cell);
        }
        return ExitCode.OK.number();
    }

    /** The server's row; one that the configuration does not list never comes to vote. */
    private JsonNode row(AdminClient client) {
        JsonNode members = MembersCommand.members(client, cell).path("members");
        return StreamSupport.stream(members.spliterator(), false)
                .filter(row -> row.path("server").asText().equals(server)
                        && row.path("listed").asBoolean())
                .findFirst()
                .orElseThrow(() -> new CliFailure(
                        ExitCode.REFUSED,
                        "the configuration does not list server " + server + " for cell " + cell,
                        "add it: anylease cell members add " + cell + " " + server));
    }

    private static boolean votes(JsonNode row) {
        return row.path("takesPart").asText().equals("voting");
    }

    private String standing(JsonNode row) {
        return "server " + server + " of cell " + cell + ": "
                + row.path("takesPart").asText()
                + (row.hasNonNull("lag") ? ", " + row.path("lag").asText() + " entries behind" : "")
                + (row.hasNonNull("waits") ? "; " + row.path("waits").asText() : "");
    }
}
