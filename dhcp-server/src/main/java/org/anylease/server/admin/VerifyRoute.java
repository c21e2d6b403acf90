package org.anylease.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.state.LeaseDigest;

/** Compares the copies of a cell at one index on all its servers (I4 ReplicasAgree). */
final class VerifyRoute {
    private final Cluster cluster;
    private final CellCopies copies;

    VerifyRoute(Cluster cluster, InstantSource clock) {
        this.cluster = cluster;
        this.copies = new CellCopies(cluster, new PeerAnswers(cluster, clock));
    }

    List<Route> routes() {
        return List.of(Route.post("/v1/cells/{cell}/verify", List.of(), this::verify));
    }

    /** What this server finds, when it has a copy. */
    static ObjectNode answer(Cluster cluster, CellId cell) throws IOException {
        ObjectNode node = Json.object();
        boolean holds = cluster.state(cell).isPresent();
        node.put("holds", holds);
        if (!holds) {
            return node;
        }
        try {
            return json(node, cluster.verify(cell).join());
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException("the copies of cell " + cell + " cannot be compared: " + cause.getMessage(), cause);
        }
    }

    private static ObjectNode json(ObjectNode node, Cluster.Verification found) {
        node.put("index", found.index().value());
        node.put("reference", found.reference().name());
        node.put("agree", found.deviations().isEmpty());
        Map<ServerId, Cluster.Deviation> deviations = new TreeMap<>();
        found.deviations().forEach(deviation -> deviations.put(deviation.server(), deviation));
        ArrayNode servers = node.putArray("servers");
        for (Map.Entry<ServerId, LeaseDigest> copy : found.digests().entrySet()) {
            ObjectNode one = servers.addObject();
            one.put("server", copy.getKey().name());
            one.put("digest", copy.getValue().toString());
            Cluster.Deviation deviation = deviations.get(copy.getKey());
            one.put("agrees", deviation == null);
            ArrayNode ranges = one.putArray("ranges");
            if (deviation != null) {
                deviation.ranges().forEach(range -> ranges.add(range.toString()));
                one.put("elsewhere", deviation.elsewhere());
                one.put("inMemory", deviation.inMemory());
            }
        }
        ArrayNode silent = node.putArray("silent");
        found.silent()
                .forEach((server, why) ->
                        silent.addObject().put("server", server.name()).put("why", why));
        return node;
    }

    private void verify(Call call) throws IOException {
        CellId cell = call.cell();
        CellRoutes.requireKnown(cluster, cell);
        JsonNode found = copies.first(cell, PeerAnswers.VERIFY);
        ObjectNode answer = Json.object();
        answer.put("cell", cell.name());
        for (String field : List.of("index", "reference", "agree", "servers", "silent")) {
            answer.set(field, found.path(field));
        }
        List<Finding> findings = new ArrayList<>();
        for (JsonNode server : found.path("servers")) {
            if (!server.path("agrees").asBoolean()) {
                findings.add(differs(cell, Json.text(server, "server"), Json.text(found, "reference"), server));
            }
        }
        for (JsonNode silent : found.path("silent")) {
            findings.add(new Finding(
                    Finding.Severity.WARNING,
                    "cell " + cell,
                    "the copy of " + Json.text(silent, "server") + " was not compared: " + Json.text(silent, "why"),
                    null,
                    "see anylease site status, and verify again when that server answers"));
        }
        CellRoutes.addFindings(answer, findings);
        call.json(200, answer);
    }

    private static Finding differs(CellId cell, String server, String reference, JsonNode copy) {
        List<String> where = new ArrayList<>();
        int ranges = copy.path("ranges").size();
        if (ranges > 0) {
            where.add(ranges + (ranges == 1 ? " range" : " ranges") + " of addresses, the first "
                    + copy.path("ranges").path(0).asText());
        }
        if (copy.path("elsewhere").asBoolean()) {
            where.add("its time, configuration or exchanges");
        }
        if (copy.path("inMemory").asBoolean()) {
            where.add("its table in memory");
        }
        return new Finding(
                Finding.Severity.CRITICAL,
                "cell " + cell,
                "the copy of " + server + " is another than that of " + reference + " (I4 ReplicasAgree is broken): "
                        + String.join("; ", where),
                null,
                "take a cell backup from both, report it as a defect, then rebuild that copy from the leader's: see the"
                        + " runbook");
    }
}
