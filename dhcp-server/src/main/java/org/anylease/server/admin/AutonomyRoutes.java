package org.anylease.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.anylease.store.alone.Fence;

/** How long each server could go on alone, and why. */
final class AutonomyRoutes {
    private final Cluster cluster;
    private final PeerAnswers self;

    AutonomyRoutes(Cluster cluster, InstantSource clock) {
        this.cluster = cluster;
        this.self = new PeerAnswers(cluster, clock);
    }

    List<Route> routes() {
        return List.of(Route.get("/v1/autonomy", List.of("server"), this::autonomy));
    }

    private void autonomy(Call call) throws IOException {
        String wanted = call.query("server").orElse("");
        if (!wanted.isEmpty() && CellCopies.member(cluster, wanted).isEmpty()) {
            throw Refusal.notFound(
                    "there is no server " + wanted, "query parameter server", "anylease site status lists them");
        }
        ObjectNode answer = Json.object();
        ArrayNode servers = answer.putArray("servers");
        List<Finding> findings = new ArrayList<>();
        for (Survey.Heard heard : Survey.of(cluster, self).heard()) {
            if (!wanted.isEmpty() && !heard.name().equals(wanted)) {
                continue;
            }
            ObjectNode one = servers.addObject();
            one.put("server", heard.name());
            one.put("site", heard.member().site().name());
            JsonNode status = heard.status();
            one.put("answers", status != null);
            if (status == null) {
                one.put("problem", heard.silence());
                findings.add(new Finding(
                        Finding.Severity.WARNING,
                        "server " + heard.name(),
                        "does not answer: " + heard.silence(),
                        null,
                        "ask it itself, with --server http://" + heard.name() + ":6780"));
                continue;
            }
            ArrayNode cells = one.putArray("cells");
            for (JsonNode cell : status.path("cells")) {
                if (cell.has("autonomy")) {
                    cells.add(cell.path("autonomy"));
                    fenced(heard.name(), cell.path("autonomy"), findings);
                }
            }
        }
        CellRoutes.addFindings(answer, findings);
        call.json(200, answer);
    }

    private static void fenced(String server, JsonNode autonomy, List<Finding> findings) {
        if (autonomy.hasNonNull("fence")) {
            Fence fence = Fence.valueOf(
                    Json.text(autonomy, "fence").toUpperCase(Locale.ROOT).replace('-', '_'));
            findings.add(new Finding(
                    Finding.Severity.WARNING,
                    "server " + server + ", cell " + Json.text(autonomy, "cell"),
                    "could promise nothing alone: " + Json.text(autonomy, "fenceReason"),
                    Instant.parse(Json.text(autonomy, "since")),
                    AutonomyJson.remedy(fence)));
        }
    }
}
