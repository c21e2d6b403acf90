package org.anylease.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.jspecify.annotations.Nullable;

/** Who takes part in a cell, who is to come or to go by the configuration in force, and what they wait for. */
final class MemberRoutes {
    private final Cluster cluster;
    private final PeerAnswers self;
    private final CellCopies copies;

    MemberRoutes(Cluster cluster, InstantSource clock) {
        this.cluster = cluster;
        this.self = new PeerAnswers(cluster, clock);
        this.copies = new CellCopies(cluster, self);
    }

    List<Route> routes() {
        return List.of(Route.get("/v1/cells/{cell}/members", List.of(), this::members));
    }

    /** What this server knows, when it has a copy. */
    static ObjectNode answer(Cluster cluster, CellId cell) throws IOException {
        ObjectNode node = Json.object();
        Optional<Cluster.Membership> known = cluster.membership(cell);
        node.put("holds", known.isPresent());
        if (known.isPresent()) {
            Cluster.Membership membership = known.get();
            node.put("leads", membership.leads());
            put(node, "listed", membership.listed());
            put(node, "voters", membership.voters());
            put(node, "listeners", membership.listeners());
            put(node, "awaited", membership.awaited());
            node.put("changing", membership.changing());
            ObjectNode waits = node.putObject("waits");
            membership.waits().forEach((server, why) -> waits.put(server.name(), why));
            node.put("lastFailure", membership.lastFailure());
        }
        return node;
    }

    private static void put(ObjectNode node, String name, List<ServerId> servers) {
        ArrayNode list = node.putArray(name);
        servers.forEach(server -> list.add(server.name()));
    }

    private void members(Call call) throws IOException {
        CellId cell = call.cell();
        CellRoutes.requireKnown(cluster, cell);
        JsonNode known = leaders(cell);
        Survey survey = Survey.of(cluster, self);
        ObjectNode answer = Json.object();
        List<Finding> findings = new ArrayList<>();
        answer.put("cell", cell.name());
        answer.put("ledBy", known.path("leads").asBoolean() ? Json.text(survey.newest(cell.name()), "leader") : null);
        ArrayNode rows = answer.putArray("members");
        long newest = survey.newest(cell.name()).path("applied").asLong();
        boolean settled =
                known.path("leads").asBoolean() && !known.path("changing").asBoolean();
        for (String name : involved(known)) {
            ObjectNode row = rows.addObject();
            settled &= row(row, name, known);
            copy(row, heard(survey, name).orElse(null), cell, newest, findings);
        }
        String failure = Json.text(known, "lastFailure");
        if (!settled && !failure.isEmpty()) {
            findings.add(new Finding(
                    Finding.Severity.WARNING,
                    "cell " + cell,
                    "the last change of its members failed, and is tried again: " + failure,
                    null,
                    "see that the servers it is about run and reach each other"));
        }
        if (!known.path("leads").asBoolean()) {
            findings.add(new Finding(
                    Finding.Severity.WARNING,
                    "cell " + cell,
                    "no leader answers, so what its members wait for is not known",
                    null,
                    "see anylease cell status"));
        }
        answer.put("settled", settled);
        CellRoutes.addFindings(answer, findings);
        call.json(200, answer);
    }

    /** The leader's word where it can be had, else that of any server that has a copy. */
    private JsonNode leaders(CellId cell) throws IOException {
        ObjectNode question = Json.object().put("cell", cell.name());
        for (JsonNode heard : copies.all(PeerAnswers.MEMBERS, question).heard().values()) {
            if (heard.path("leads").asBoolean()) {
                return heard;
            }
        }
        return copies.first(cell, PeerAnswers.MEMBERS);
    }

    private static Set<String> involved(JsonNode known) {
        TreeSet<String> names = new TreeSet<>();
        for (String list : List.of("listed", "voters", "listeners")) {
            known.path(list).forEach(server -> names.add(server.asText()));
        }
        return names;
    }

    /** @return whether this one is as the configuration says */
    private static boolean row(ObjectNode row, String name, JsonNode known) {
        boolean listed = contains(known.path("listed"), name);
        boolean votes = contains(known.path("voters"), name);
        row.put("server", name);
        row.put("listed", listed);
        row.put("takesPart", votes ? "voting" : contains(known.path("listeners"), name) ? "listening" : "not yet");
        row.put("awaited", contains(known.path("awaited"), name));
        JsonNode waits = known.path("waits").path(name);
        row.put("waits", waits.isMissingNode() ? null : waits.asText());
        return listed == votes;
    }

    private static boolean contains(JsonNode list, String name) {
        for (JsonNode one : list) {
            if (one.asText().equals(name)) {
                return true;
            }
        }
        return false;
    }

    private static Optional<Survey.Heard> heard(Survey survey, String name) {
        return survey.heard().stream().filter(one -> one.name().equals(name)).findFirst();
    }

    private static void copy(
            ObjectNode row, Survey.@Nullable Heard heard, CellId cell, long newest, List<Finding> findings) {
        row.put("site", heard == null ? null : heard.member().site().name());
        JsonNode copy = heard == null ? Json.MAPPER.missingNode() : heard.cell(cell.name());
        String server = Json.text(row, "server");
        if (copy.isMissingNode()) {
            row.put("role", "unknown");
            String silence = heard == null ? "no server knows where it is" : heard.silence();
            findings.add(new Finding(
                    Finding.Severity.WARNING,
                    "cell " + cell + ", server " + server,
                    silence.isEmpty() ? "has no copy of the cell yet" : "does not answer: " + silence,
                    null,
                    "start it with the configuration in force; one that is to go and is off for good is let go once it"
                            + " is declared down and waited out: anylease server declare-down " + server));
            return;
        }
        row.put("role", server.equals(Json.text(copy, "leader")) ? "leader" : "follower");
        row.set("applied", copy.path("applied"));
        row.put("lag", newest - copy.path("applied").asLong());
    }
}
