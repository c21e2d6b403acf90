package org.anylease.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.anylease.store.cell.CellId;

/** How sites are: their servers, how many cells each leads and serves, and what is wrong. */
final class SiteRoutes {
    private final Cluster cluster;
    private final PeerAnswers self;

    SiteRoutes(Cluster cluster, InstantSource clock) {
        this.cluster = cluster;
        this.self = new PeerAnswers(cluster, clock);
    }

    List<Route> routes() {
        return List.of(Route.get("/v1/sites", List.of("site"), this::sites));
    }

    private void sites(Call call) throws IOException {
        Survey survey = Survey.of(cluster, self);
        String wanted = call.query("site").orElse("");
        TreeMap<String, ArrayNode> sites = new TreeMap<>();
        for (Survey.Heard heard : survey.heard()) {
            String site = heard.member().site().name();
            if (wanted.isEmpty() || wanted.equals(site)) {
                sites.computeIfAbsent(site, s -> Json.array()).add(server(heard));
            }
        }
        if (sites.isEmpty()) {
            throw Refusal.notFound(
                    "no server is at a site '" + wanted + "'",
                    "query parameter site",
                    "anylease site status lists them");
        }
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray("sites");
        sites.forEach((site, servers) -> {
            ObjectNode one = list.addObject();
            one.put("site", site);
            one.set("servers", servers);
        });
        List<Finding> findings = new ArrayList<>(survey.warnings());
        for (CellId cell : cluster.cells()) {
            findings.addAll(new CellExamination(cell, survey, CellRoutes.configured(cluster, cell)).findings());
        }
        CellRoutes.addFindings(answer, findings);
        call.json(200, answer);
    }

    private static ObjectNode server(Survey.Heard heard) {
        ObjectNode node = Json.object();
        node.put("server", heard.name());
        JsonNode status = heard.status();
        if (status == null) {
            node.put("answers", false);
            node.put("problem", heard.silence());
            return node;
        }
        node.put("answers", true);
        node.set("software", status.path("software"));
        node.set("started", status.path("started"));
        node.set("drainedSince", status.path("drainedSince"));
        int leads = 0;
        int alone = 0;
        for (JsonNode cell : status.path("cells")) {
            leads += Json.text(cell, "leader").equals(heard.name()) ? 1 : 0;
            alone += Json.text(cell, "mode").equals("partitioned") ? 1 : 0;
        }
        node.put("cells", status.path("cells").size());
        node.put("leads", leads);
        node.put("alone", alone);
        return node;
    }
}
