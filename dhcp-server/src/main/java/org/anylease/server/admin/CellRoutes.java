package org.anylease.server.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.anylease.store.cell.CellId;
import org.anylease.store.config.CellConfig;

/** How cells are: leader, members, lag, digests. */
final class CellRoutes {
    private final Cluster cluster;
    private final PeerAnswers self;

    CellRoutes(Cluster cluster, InstantSource clock) {
        this.cluster = cluster;
        this.self = new PeerAnswers(cluster, clock);
    }

    List<Route> routes() {
        return List.of(
                Route.get("/v1/cells", List.of(), this::all), Route.get("/v1/cells/{cell}", List.of(), this::one));
    }

    private void all(Call call) throws IOException {
        answer(call, cluster.cells());
    }

    private void one(Call call) throws IOException {
        CellId cell = call.cell();
        requireKnown(cluster, cell);
        answer(call, List.of(cell));
    }

    static void requireKnown(Cluster cluster, CellId cell) {
        if (!cluster.cells().contains(cell)) {
            throw Refusal.notFound("there is no cell " + cell, "path", "the cells are: " + cluster.cells());
        }
    }

    private void answer(Call call, List<CellId> cells) throws IOException {
        Survey survey = Survey.of(cluster, self);
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray("cells");
        List<Finding> findings = new ArrayList<>();
        for (CellId cell : cells) {
            CellExamination examination = new CellExamination(cell, survey, configured(cluster, cell));
            list.add(examination.json());
            findings.addAll(examination.findings());
        }
        findings.addAll(survey.warnings());
        addFindings(answer, findings);
        call.json(200, answer);
    }

    static List<String> configured(Cluster cluster, CellId cell) throws IOException {
        CellConfig config = cluster.state(cell).map(Cluster.CellState::config).orElse(null);
        return config == null
                ? List.of()
                : config.members().stream()
                        .map(member -> member.server().name())
                        .toList();
    }

    /** Adds the findings, the worst first, and whether all is well. */
    static void addFindings(ObjectNode answer, List<Finding> findings) {
        ArrayNode list = answer.putArray("findings");
        findings.stream()
                .sorted(Comparator.comparing(Finding::severity))
                .forEach(finding -> list.add(finding.toJson()));
        answer.put("healthy", findings.stream().noneMatch(finding -> finding.severity() != Finding.Severity.NOTICE));
    }
}
