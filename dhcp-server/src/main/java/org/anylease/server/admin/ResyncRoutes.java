package org.anylease.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Predicate;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;

/**
 * Lets servers commit what they promised alone and report, without waiting until something needs that; and lets one
 * fetch its copy anew. Both do at once what would happen by itself after a site was cut off, or its disk was lost.
 */
final class ResyncRoutes {
    private final Cluster cluster;
    private final PeerAnswers self;

    ResyncRoutes(Cluster cluster, InstantSource clock) {
        this.cluster = cluster;
        this.self = new PeerAnswers(cluster, clock);
    }

    List<Route> routes() {
        return List.of(
                Route.post("/v1/cells/{cell}/resync", List.of("plan", "server", "index"), this::resync),
                Route.post("/v1/cells/{cell}/rebuild", List.of("plan", "server"), this::rebuild));
    }

    /** Lets this server report. */
    static ObjectNode resync(Cluster cluster, JsonNode asked) throws IOException {
        CellId cell = new CellId(Json.text(asked, "cell"));
        cluster.report(cell, new LogIndex(asked.path("index").asLong()));
        return Json.object().put("asked", true);
    }

    /** Lets this server fetch its copy anew. */
    static ObjectNode rebuild(Cluster cluster, JsonNode asked) throws IOException {
        cluster.rebuild(new CellId(Json.text(asked, "cell")));
        return Json.object().put("begun", true);
    }

    private void resync(Call call) throws IOException {
        CellId cell = call.cell();
        CellRoutes.requireKnown(cluster, cell);
        String only = call.query("server").orElse("");
        if (!only.isEmpty()) {
            CellCopies.required(cluster, only);
        }
        Survey survey = Survey.of(cluster, self);
        List<Survey.Heard> targets = members(survey, cell).stream()
                .filter(heard -> only.isEmpty() || heard.name().equals(only))
                .toList();
        if (targets.isEmpty()) {
            throw Refusal.conflict(
                    only.isEmpty() ? "no server has a copy of cell " + cell : only + " is no server of cell " + cell,
                    "query parameter server",
                    "anylease cell members list " + cell + " names them",
                    null);
        }
        JsonNode newest = survey.newest(cell.name());
        long index = call.number("index", newest.path("applied").asLong());
        String leader = Json.text(newest, "leader");
        ObjectNode answer = Json.object();
        answer.put("cell", cell.name());
        answer.put("leader", leader.isEmpty() ? null : leader);
        answer.put("index", index);
        JsonNode reports = reports(survey, cell, leader);
        ArrayNode servers = answer.putArray("servers");
        boolean done = true;
        for (Survey.Heard target : targets) {
            ObjectNode one = servers.addObject();
            boolean seen = describe(one, target, cell, reports, index);
            if (!seen && !call.flag("plan") && !one.has("problem")) {
                ask(one, target, cell, index);
            }
            done &= seen;
        }
        answer.put("done", done);
        call.json(200, answer);
    }

    private List<Survey.Heard> members(Survey survey, CellId cell) throws IOException {
        List<String> configured = CellRoutes.configured(cluster, cell);
        Predicate<Survey.Heard> holds = heard -> !heard.cell(cell.name()).isMissingNode();
        return survey.heard().stream()
                .filter(heard -> configured.contains(heard.name()) || holds.test(heard))
                .toList();
    }

    /** What the leader has heard of the others. */
    private static JsonNode reports(Survey survey, CellId cell, String leader) {
        return survey.heard().stream()
                .filter(heard -> heard.name().equals(leader))
                .map(heard -> heard.cell(cell.name()).path("autonomy").path("awaited"))
                .findFirst()
                .orElse(Json.MAPPER.missingNode());
    }

    /** @return whether the leader has its report, and its journal holds no more */
    private static boolean describe(ObjectNode one, Survey.Heard target, CellId cell, JsonNode reports, long index) {
        JsonNode copy = target.cell(cell.name());
        one.put("server", target.name());
        one.put("site", target.member().site().name());
        if (copy.isMissingNode()) {
            one.put("problem", target.silence().isEmpty() ? "has no copy of the cell" : target.silence());
            one.put("seen", false);
            return false;
        }
        JsonNode autonomy = copy.path("autonomy");
        one.set("mode", copy.path("mode"));
        one.set("applied", copy.path("applied"));
        int pending = 0;
        for (JsonNode count : autonomy.path("pending")) {
            pending += count.asInt();
        }
        one.put("pending", pending);
        one.set("pendingByRule", autonomy.path("pending"));
        one.set("reported", autonomy.path("reported"));
        one.set("fenceReason", autonomy.path("fenceReason"));
        boolean seen = false;
        for (JsonNode heard : reports) {
            seen |= Json.text(heard, "server").equals(target.name())
                    && heard.path("reported").asLong() >= index;
        }
        one.put("seen", seen);
        return seen;
    }

    private void ask(ObjectNode one, Survey.Heard target, CellId cell, long index) {
        ServerId server = target.member().server();
        ObjectNode question = Json.object().put("cell", cell.name()).put("index", index);
        try {
            if (server.equals(cluster.facts().server())) {
                self.answer(PeerAnswers.RESYNC, Json.bytes(question));
            } else {
                PeerAnswers.ask(cluster, server, PeerAnswers.RESYNC, question);
            }
        } catch (IOException e) {
            one.put("problem", e.getMessage());
        }
    }

    private void rebuild(Call call) throws IOException {
        CellId cell = call.cell();
        CellRoutes.requireKnown(cluster, cell);
        ServerId server = CellCopies.required(cluster, call.query("server").orElse(""));
        Survey survey = Survey.of(cluster, self);
        List<Survey.Heard> members = members(survey, cell);
        String leader = Json.text(survey.newest(cell.name()), "leader");
        require(cell, server, members, leader);
        long copies = copies(members, cell) - 1;
        if (2 * copies <= members.size() - 1) {
            throw Refusal.unavailable(
                    "of the " + (members.size() - 1) + " other servers of cell " + cell + " only " + copies
                            + " answer: without " + server + " nothing could be committed",
                    "cell " + cell,
                    "start the others first: anylease cell status names them",
                    null);
        }
        if (!call.flag("plan")) {
            ObjectNode question = Json.object().put("cell", cell.name());
            try {
                if (server.equals(cluster.facts().server())) {
                    self.answer(PeerAnswers.REBUILD, Json.bytes(question));
                } else {
                    PeerAnswers.ask(cluster, server, PeerAnswers.REBUILD, question);
                }
            } catch (IOException e) {
                throw Refusal.unavailable(
                        "the copy of " + server + " was not touched: " + e.getMessage(),
                        "server " + server,
                        "see anylease cell members list " + cell + ", then ask again",
                        null);
            }
        }
        ObjectNode answer = Json.object();
        answer.put("cell", cell.name());
        answer.put("server", server.name());
        answer.put("leader", leader);
        answer.put("copies", copies);
        answer.put("begun", !call.flag("plan"));
        call.json(200, answer);
    }

    private static long copies(List<Survey.Heard> members, CellId cell) {
        return members.stream()
                .filter(heard -> !heard.cell(cell.name()).isMissingNode())
                .count();
    }

    private static void require(CellId cell, ServerId server, List<Survey.Heard> members, String leader) {
        boolean holds = members.stream()
                .anyMatch(heard -> heard.name().equals(server.name())
                        && !heard.cell(cell.name()).isMissingNode());
        if (leader.isEmpty()) {
            throw Refusal.unavailable(
                    "cell " + cell + " has no leader from which a copy could be fetched",
                    "cell " + cell,
                    "see anylease cell status",
                    null);
        }
        if (leader.equals(server.name())) {
            throw Refusal.conflict(
                    server + " leads cell " + cell + ": its copy is the one that others are rebuilt from",
                    "query parameter server",
                    "let it hand over first: anylease server drain " + server
                            + " --yes; afterwards: anylease server undrain " + server + " --yes",
                    null);
        }
        if (!holds) {
            throw Refusal.conflict(
                    server + " has no copy of cell " + cell + ", or does not answer",
                    "query parameter server",
                    "one that is started fetches its copy by itself: anylease cell members list " + cell,
                    null);
        }
    }
}
