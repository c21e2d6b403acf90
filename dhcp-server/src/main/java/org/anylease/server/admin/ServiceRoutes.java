package org.anylease.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import org.anylease.store.cell.CellId;

/** What machines ask: metrics, health, and the description of this API. */
final class ServiceRoutes {
    /** The text format of Prometheus 0.0.4, which every scraper understands. */
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final Cluster cluster;
    private final Supplier<String> metrics;

    ServiceRoutes(Cluster cluster, Supplier<String> metrics) {
        this.cluster = cluster;
        this.metrics = metrics;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/metrics", List.of(), call -> call.text(PROMETHEUS, metrics.get())),
                Route.get("/healthz", List.of(), this::health),
                Route.get("/openapi.json", List.of(), ServiceRoutes::openApi));
    }

    /**
     * Healthy is a server that can answer clients, be it alone: a check that fails everywhere because the quorum is
     * gone would withdraw every site at once.
     */
    private void health(Call call) throws IOException {
        boolean quorate = true;
        for (CellId cell : cluster.cells()) {
            quorate &= cluster.state(cell)
                    .map(state -> state.mode() == Cluster.Mode.QUORATE)
                    .orElse(true);
        }
        ObjectNode answer = Json.object();
        answer.put("status", quorate ? "ok" : "alone");
        call.json(200, answer);
    }

    private static void openApi(Call call) throws IOException {
        try (InputStream in = ServiceRoutes.class.getResourceAsStream("openapi.json")) {
            if (in == null) {
                throw new IllegalStateException("openapi.json is missing from the program");
            }
            call.text("application/json", new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
