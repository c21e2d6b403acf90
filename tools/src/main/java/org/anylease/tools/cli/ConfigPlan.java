package org.anylease.tools.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;

/** A change of the configuration: shown first, then carried out on the version that it was shown against. */
final class ConfigPlan {
    private final Terminal terminal;
    private final AdminClient client;
    private final ServerOptions options;
    private final ChangeOptions change;

    ConfigPlan(Terminal terminal, AdminClient client, ServerOptions options, ChangeOptions change) {
        this.terminal = terminal;
        this.client = client;
        this.options = options;
        this.change = change;
    }

    static void print(Terminal terminal, JsonNode diff) {
        for (JsonNode problem : diff.path("problems")) {
            terminal.out().println(Terminal.harmless(Findings.problem(problem)));
        }
        for (JsonNode one : diff.path("changes")) {
            String text = Terminal.harmless(one.path("text").asText());
            terminal.out()
                    .println(
                            text.startsWith("+")
                                    ? terminal.green(text)
                                    : text.startsWith("-") ? terminal.red(text) : text);
        }
        if (diff.path("changes").isEmpty()) {
            terminal.out().println("nothing changes");
        }
        JsonNode leases = diff.path("leases");
        terminal.out()
                .println("of " + leases.path("active").asText() + " active leases, "
                        + leases.path("noLongerServed").asText() + " would no longer be served, "
                        + leases.path("otherLeaseTime").asText() + " would get another lease time, "
                        + leases.path("otherOptions").asText() + " other options");
        Findings.read(terminal, diff);
    }

    ExitCode carryOut(JsonNode diff, String path, Map<String, List<String>> parameters, String body) {
        if (!options.json()) {
            print(terminal, diff);
        }
        if (!change.yes()) {
            if (options.json()) {
                Anylease.print(terminal, diff);
                return ExitCode.REFUSED;
            }
            throw new CliFailure(ExitCode.REFUSED, "nothing was changed", "add --yes to do it");
        }
        long basedOn = change.basedOn(diff.path("basedOn").asLong());
        parameters.put("based-on", List.of(Long.toString(basedOn)));
        parameters.put("author", List.of(change.author(terminal.environment())));
        JsonNode answer = client.post(path + AdminClient.query(parameters), BodyPublishers.ofString(body));
        if (options.json()) {
            Anylease.print(terminal, answer);
        } else {
            for (JsonNode cell : answer.path("cells")) {
                terminal.out()
                        .println("cell " + cell.path("cell").asText() + ": "
                                + cell.path("result").asText() + ", "
                                + cell.path("what").asText());
            }
            terminal.out().println("version " + answer.path("version").asText() + " is in force");
        }
        return ExitCode.OK;
    }
}
