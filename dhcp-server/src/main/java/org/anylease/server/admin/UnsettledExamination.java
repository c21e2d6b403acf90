package org.anylease.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.anylease.server.admin.Finding.Severity;
import org.jspecify.annotations.Nullable;

/** What of one cell waits, for whom and until when; who is declared down; what was promised twice. */
final class UnsettledExamination {
    private final String cell;
    private final List<Survey.Heard> members;
    private final JsonNode unsettled;
    private final List<Finding> findings = new ArrayList<>();
    private final ObjectNode json = Json.object();

    /**
     * Looks at a cell.
     *
     * @param cell its name
     * @param members what its servers said
     * @param newest the copy that is the furthest
     */
    UnsettledExamination(String cell, List<Survey.Heard> members, JsonNode newest) {
        this.cell = cell;
        this.members = members;
        this.unsettled = newest.path("unsettled");
        down();
        waiting();
        conflicts();
    }

    ObjectNode json() {
        return json;
    }

    List<Finding> findings() {
        return findings;
    }

    private void down() {
        json.set("down", unsettled.path("down"));
        for (JsonNode down : unsettled.path("down")) {
            String server = Json.text(down, "server");
            String until = whole(Json.text(down, "awaitedUntil"));
            boolean over = down.path("over").asBoolean();
            boolean answers = members.stream().anyMatch(heard -> heard.name().equals(server) && heard.status() != null);
            find(
                    answers ? Severity.WARNING : Severity.NOTICE,
                    "server " + server + " is declared down"
                            + (answers ? ", but answers: it promises nothing alone" : "")
                            + (over ? "; nothing waits for it any more" : "; it is awaited until " + until),
                    Instant.parse(Json.text(down, "since")),
                    over
                            ? "nothing while it stays off; when it is switched on it takes this back itself, once it"
                                    + " has caught up"
                            : "nothing while it stays off; if it is to come back: anylease server undeclare-down "
                                    + server + " --yes");
        }
    }

    private void waiting() {
        int addresses = unsettled.path("addresses").asInt();
        json.put("waiting", addresses);
        json.set("waitingUntil", unsettled.path("until"));
        List<String> late = addresses == 0 ? List.of() : late();
        ArrayNode list = json.putArray("waitingFor");
        late.forEach(list::add);
        if (addresses == 0 || late.isEmpty()) {
            // With every server in touch a report takes a second, which is nobody's worry.
            return;
        }
        String until = Json.text(unsettled, "until");
        find(
                Severity.NOTICE,
                "waiting for " + String.join(", ", late) + ": " + addresses
                        + (addresses == 1 ? " address" : " addresses") + ", "
                        + (until.isEmpty() ? "until it reports" : "until " + whole(until) + " at the latest"),
                null,
                "bring " + String.join(" and ", late)
                        + " back in touch, and they are free at once; if it is off for good:"
                        + " anylease server declare-down " + late.getFirst() + " shows what that would do");
    }

    /** The awaited servers that are not in touch, or that have not applied what is waited for. */
    private List<String> late() {
        TreeSet<String> late = new TreeSet<>();
        long since = unsettled.path("since").asLong();
        for (JsonNode awaited : unsettled.path("awaited")) {
            String server = awaited.asText();
            if (!isOver(server)) {
                JsonNode copy = members.stream()
                        .filter(heard -> heard.name().equals(server))
                        .map(heard -> heard.cell(cell))
                        .findFirst()
                        .orElse(Json.MAPPER.missingNode());
                if (copy.path("applied").asLong(-1) < since
                        || !copy.path("reachable").asBoolean()) {
                    late.add(server);
                }
            }
        }
        return List.copyOf(late);
    }

    private boolean isOver(String server) {
        for (JsonNode down : unsettled.path("down")) {
            if (Json.text(down, "server").equals(server)) {
                return down.path("over").asBoolean();
            }
        }
        return false;
    }

    private void conflicts() {
        int conflicts = unsettled.path("conflicts").asInt();
        json.put("conflicts", conflicts);
        if (conflicts > 0) {
            find(
                    Severity.CRITICAL,
                    conflicts + (conflicts == 1 ? " address was" : " addresses were")
                            + " promised to two clients (I1 NoDoublePromise was broken)",
                    null,
                    "anylease conflict list says to whom, by which server and why");
        }
    }

    private void find(Severity severity, String what, @Nullable Instant since, String remedy) {
        findings.add(new Finding(severity, "cell " + cell, what, since, remedy));
    }

    /** Without fractions of a second. */
    private static String whole(String time) {
        return Instant.parse(time).truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
