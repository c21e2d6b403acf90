package org.anylease.tools.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A change that shows its plan, and is carried out only when the operator has said so.
 *
 * @param path where to ask for it
 * @param parameters of the request
 * @param plan prints what would be done
 * @param done prints what was done
 */
record PlannedChange(
        String path, Map<String, List<String>> parameters, Consumer<JsonNode> plan, Consumer<JsonNode> done) {
    /** What an operator has said so far, and what is still missing; empty when nothing is. */
    ExitCode run(Terminal terminal, ServerOptions options, String missing) {
        AdminClient client = new AdminClient(terminal, options);
        Map<String, List<String>> planned = new TreeMap<>(parameters);
        planned.put("plan", List.of("true"));
        JsonNode shown = client.post(path + AdminClient.query(planned), BodyPublishers.noBody());
        if (!options.json()) {
            plan.accept(shown);
        }
        if (!missing.isEmpty()) {
            if (options.json()) {
                Anylease.print(terminal, shown);
                return ExitCode.REFUSED;
            }
            throw new CliFailure(ExitCode.REFUSED, "nothing was changed", "add " + missing + " to do it");
        }
        JsonNode answer = client.post(path + AdminClient.query(parameters), BodyPublishers.noBody());
        if (options.json()) {
            Anylease.print(terminal, answer);
        } else {
            done.accept(answer);
        }
        return ExitCode.OK;
    }
}
