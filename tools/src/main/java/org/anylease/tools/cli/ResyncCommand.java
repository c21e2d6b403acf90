package org.anylease.tools.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code anylease cell resync}. */
@Command(
        name = "resync",
        mixinStandardHelpOptions = true,
        description = "Shows how the copies of a cell differ, and what each server promised alone and has not committed"
                + " yet. --yes lets the servers commit that and report, and waits until the leader has seen it. Service"
                + " goes on.")
final class ResyncCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private ServerOptions options = new ServerOptions();

    @Mixin
    private Waiting waiting = new Waiting();

    @Parameters(index = "0", paramLabel = "CELL", description = "The cell.")
    private String cell = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "SERVER",
            defaultValue = "",
            description = "Only this server's promises, or its copy.")
    private String name = "";

    @Option(
            names = "--from-leader",
            description =
                    "Afterwards let SERVER delete its copy and fetch it anew from the leader. It keeps its promise"
                            + " journal.")
    private boolean fromLeader;

    @Option(names = "--yes", description = "Do it.")
    private boolean yes;

    ResyncCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    private String path(String verb) {
        return "/v1/cells/" + AdminClient.segment(cell) + "/" + verb;
    }

    private JsonNode resync(AdminClient client, String index, boolean plan) {
        return client.post(
                path("resync")
                        + AdminClient.query(Map.of(
                                "server", List.of(name),
                                "index", List.of(index),
                                "plan", List.of(Boolean.toString(plan)))),
                BodyPublishers.noBody());
    }

    private JsonNode rebuild(AdminClient client, boolean plan) {
        return client.post(
                path("rebuild")
                        + AdminClient.query(Map.of("server", List.of(name), "plan", List.of(Boolean.toString(plan)))),
                BodyPublishers.noBody());
    }

    @Override
    public Integer call() {
        if (fromLeader && name.isEmpty()) {
            throw new CliFailure(
                    ExitCode.USAGE,
                    "--from-leader rebuilds one copy: which?",
                    "anylease cell resync " + cell + " SERVER --from-leader");
        }
        AdminClient client = new AdminClient(terminal, options);
        ObjectNode answer = AdminClient.MAPPER.createObjectNode();
        answer.set("verification", client.post(path("verify"), BodyPublishers.noBody()));
        JsonNode plan = resync(client, "", true);
        answer.set("plan", plan);
        if (fromLeader) {
            answer.set("rebuild", rebuild(client, true));
        }
        if (!options.json()) {
            printPlan(answer);
        }
        if (!yes) {
            if (options.json()) {
                Anylease.print(terminal, answer);
                return ExitCode.REFUSED.number();
            }
            throw new CliFailure(ExitCode.REFUSED, "nothing was changed", "add --yes to do it");
        }
        answer.set("resync", flush(client, plan.path("index").asText()));
        if (fromLeader) {
            answer.set("rebuild", rebuild(client, false));
            answer.set("members", awaitCopy(client));
        }
        JsonNode verified = client.post(path("verify"), BodyPublishers.noBody());
        answer.set("verified", verified);
        if (options.json()) {
            Anylease.print(terminal, answer);
            return Findings.exit(verified).number();
        }
        terminal.out().println("afterwards:");
        return VerifyCommand.print(terminal, cell, verified).number();
    }

    private void printPlan(JsonNode answer) {
        VerifyCommand.print(terminal, cell, answer.path("verification"));
        Table table = new Table(terminal, "SERVER", "MODE", "INDEX", "REPORTED", "PENDING", "LEADER HAS SEEN");
        JsonNode plan = answer.path("plan");
        for (JsonNode server : plan.path("servers")) {
            table.row(
                    server.path("server").asText(),
                    server.path("mode").asText("unknown"),
                    server.path("applied").asText("-"),
                    server.path("reported").asText("-"),
                    server.path("pending").asText("-"),
                    server.path("seen").asBoolean() ? "yes" : "no");
        }
        table.end();
        terminal.out()
                .println("these servers would commit what they promised alone (PENDING), and report up to log index "
                        + plan.path("index").asText());
        JsonNode rebuild = answer.path("rebuild");
        if (!rebuild.isMissingNode()) {
            terminal.out()
                    .println("then " + Terminal.harmless(name)
                            + " would leave the group, delete its copy, fetch that of "
                            + rebuild.path("leader").asText() + " and vote again; meanwhile "
                            + rebuild.path("copies").asText()
                            + " copies serve on. Its promise journal stays");
        }
    }

    /** Lets the servers report, until the leader has heard all of them. */
    private JsonNode flush(AdminClient client, String index) {
        JsonNode last = waiting.await(
                client,
                () -> resync(client, index, false),
                answer -> answer.path("done").asBoolean(),
                ResyncCommand::missing);
        if (waiting.isWanted() && !last.path("done").asBoolean()) {
            throw new CliFailure(
                    ExitCode.FAILED,
                    "after " + waiting.shown() + " " + missing(last),
                    "see anylease autonomy status and anylease site status; what a server promised alone is committed"
                            + " by itself as soon as it can be");
        }
        if (!options.json() && last.path("done").asBoolean()) {
            terminal.out()
                    .println("committed and reported up to log index "
                            + last.path("index").asText() + ", as the leader has seen");
        }
        return last;
    }

    private static String missing(JsonNode answer) {
        StringBuilder text = new StringBuilder("not yet seen by the leader: ");
        String separator = "";
        for (JsonNode server : answer.path("servers")) {
            if (!server.path("seen").asBoolean()) {
                String why = why(server, answer.path("index").asLong());
                text.append(separator)
                        .append(server.path("server").asText())
                        .append(" (")
                        .append(why)
                        .append(')');
                separator = ", ";
            }
        }
        return text.toString();
    }

    private static String why(JsonNode server, long index) {
        for (String reason : List.of("problem", "fenceReason")) {
            if (server.hasNonNull(reason)) {
                return server.path(reason).asText();
            }
        }
        if (server.path("applied").asLong() < index) {
            return "catches up";
        }
        return server.path("pending").asInt() > 0
                ? server.path("pending").asText() + " promises to commit"
                : "no report yet: when its disk is new, what the old one may have promised is waited out first";
    }

    private JsonNode awaitCopy(AdminClient client) {
        JsonNode last = waiting.await(
                client,
                () -> client.get(path("members")),
                answer -> answer.path("settled").asBoolean()
                        && row(answer).path("takesPart").asText().equals("voting")
                        && row(answer).has("applied"),
                answer ->
                        "server " + name + ": " + row(answer).path("takesPart").asText() + ", "
                                + row(answer).path("lag").asText("?") + " entries behind");
        if (!last.path("settled").asBoolean() && waiting.isWanted()) {
            throw new CliFailure(
                    ExitCode.FAILED,
                    "the copy of " + name + " is not there yet after " + waiting.shown(),
                    "it goes on by itself: anylease cell members list " + cell + " shows how far it is");
        }
        if (!options.json() && last.path("settled").asBoolean()) {
            terminal.out().println(Terminal.harmless(name) + " has fetched its copy anew, and votes");
        }
        return last;
    }

    private JsonNode row(JsonNode answer) {
        for (JsonNode member : answer.path("members")) {
            if (member.path("server").asText().equals(name)) {
                return member;
            }
        }
        return AdminClient.MAPPER.missingNode();
    }
}
