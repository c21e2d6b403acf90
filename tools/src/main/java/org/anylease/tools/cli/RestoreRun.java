package org.anylease.tools.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Has a cell restore a file: what that would do, how far it is, and what is left. */
final class RestoreRun {
    private final Terminal terminal;
    private final AdminClient client;
    private final String cell;
    private final String path;
    private final Path file;

    RestoreRun(Terminal terminal, AdminClient client, String cell, Path file) {
        this.terminal = terminal;
        this.client = client;
        this.cell = cell;
        this.path = "/v1/cells/" + AdminClient.segment(cell) + "/restore";
        this.file = file;
    }

    JsonNode plan() throws IOException {
        return client.post(path + "?plan=true", BodyPublishers.ofFile(file));
    }

    void print(JsonNode plan) {
        line(plan, "putInPlace", " bindings would be put in place");
        line(plan, "unchanged", " are as new or newer here, and stay");
        line(plan, "leftToOtherClients", " are active for another client here, and stay");
        line(plan, "escrowLeftOut", " were in escrow, and are left out");
        if (plan.path("reservations").asInt() > 0) {
            line(plan, "reservations", " reservations made at run time would be made again");
        }
        String owners = counts(plan.path("toBeGivenBack"));
        if (!owners.isEmpty()) {
            terminal.out().println("  to be given back out of escrow first: " + owners);
        }
    }

    private void line(JsonNode plan, String field, String what) {
        terminal.out().println("  " + plan.path(field).asText() + what);
    }

    private static String counts(JsonNode byServer) {
        List<String> parts = new ArrayList<>();
        for (Map.Entry<String, JsonNode> one : byServer.properties()) {
            parts.add(one.getValue().asText() + " by " + one.getKey());
        }
        return String.join(", ", parts);
    }

    /** Does it. @throws CliFailure when it broke off */
    JsonNode run() throws IOException {
        String last = "";
        long lines = 0;
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(client.postStream(path, BodyPublishers.ofFile(file)), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                JsonNode progress = AdminClient.MAPPER.readTree(line);
                client.progress(
                        "restored " + progress.path("done").asText() + " of "
                                + progress.path("of").asText(),
                        lines == 0);
                last = line;
                lines++;
            }
        }
        client.clearProgress(lines);
        JsonNode result = AdminClient.MAPPER.readTree(last.isEmpty() ? "{}" : last);
        if (!result.path("result").asText().equals("restored")) {
            throw new CliFailure(
                    ExitCode.FAILED,
                    "restored " + result.path("done").asText("0") + " of "
                            + result.path("of").asText("?") + ", then: "
                            + result.path("what").asText("the answer broke off"),
                    result.path("remedy").asText("restore the same file again: what is in place stays"));
        }
        return result;
    }

    void printResult(JsonNode result) {
        terminal.out()
                .println("restored cell " + cell + ": " + result.path("changed").asText() + " of "
                        + result.path("of").asText() + " bindings changed");
        if (result.path("reservations").asLong() > 0) {
            terminal.out()
                    .println("  " + result.path("reservations").asText()
                            + " reservations made at run time are in place");
        }
        if (result.path("names").asLong() > 0) {
            terminal.out()
                    .println("  " + result.path("names").asText() + " names are on record again, and are sent to DNS");
        }
        if (result.path("reservationsRefused").asLong() > 0) {
            terminal.out()
                    .println("  reservations not made again, as the configuration or another reservation says"
                            + " otherwise: "
                            + result.path("reservationsRefused").asText());
        }
        String owners = counts(result.path("notGivenBack"));
        if (!owners.isEmpty()) {
            terminal.out()
                    .println("  not put in place, as the address is set aside for a server and was not given back: "
                            + owners);
        }
        for (Map.Entry<String, JsonNode> one : result.path("silent").properties()) {
            terminal.out()
                    .println("  " + one.getKey() + " could not be asked: "
                            + Terminal.harmless(one.getValue().asText()));
        }
        if (result.path("refused").asLong() > 0) {
            terminal.out()
                    .println("  not put in place, as the address is offered, reserved or in quarantine here: "
                            + result.path("refused").asText());
        }
        if (exit(result) != ExitCode.OK) {
            terminal.out().println("  restore the same file again later: what is in place stays");
        }
    }

    /** 1 when something is not in place that nothing newer stands for. */
    static ExitCode exit(JsonNode result) {
        return result.path("notGivenBack").isEmpty() && result.path("refused").asLong() == 0
                ? ExitCode.OK
                : ExitCode.NO;
    }
}
