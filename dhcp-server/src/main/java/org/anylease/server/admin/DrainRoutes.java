package org.anylease.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;

/** Lets a server hand over what it leads, before it is taken out of service, and lead again afterwards. */
final class DrainRoutes {
    private final Cluster cluster;
    private final PeerAnswers self;

    DrainRoutes(Cluster cluster, InstantSource clock) {
        this.cluster = cluster;
        this.self = new PeerAnswers(cluster, clock);
    }

    List<Route> routes() {
        return List.of(
                Route.get("/v1/servers/{server}/drain", List.of(), call -> answer(call, "")),
                Route.post("/v1/servers/{server}/drain", List.of("plan"), call -> answer(call, "drained")),
                Route.post("/v1/servers/{server}/undrain", List.of("plan"), call -> answer(call, "undrained")));
    }

    /** How this server is, after it was asked to be {@code drained} or {@code undrained}, or nothing. */
    static ObjectNode answer(Cluster cluster, String wanted) throws IOException {
        if (!wanted.isEmpty()) {
            cluster.drain(wanted.equals("drained"));
        }
        ObjectNode node = Json.object();
        Optional<Cluster.Drained> drained = cluster.drained();
        node.put("drained", drained.isPresent());
        node.put("since", drained.map(state -> state.since().toString()).orElse(null));
        ArrayNode leading = node.putArray("leading");
        if (drained.isPresent()) {
            drained.get().leading().forEach(cell -> leading.add(cell.name()));
            return node;
        }
        for (CellId cell : cluster.cells()) {
            Optional<Cluster.CellState> state = cluster.state(cell);
            if (state.isPresent()
                    && cluster.facts().server().equals(state.get().quorum().leader())) {
                leading.add(cell.name());
            }
        }
        return node;
    }

    private void answer(Call call, String wanted) throws IOException {
        ServerId server = CellCopies.required(cluster, call.variable("server"));
        String asked = call.flag("plan") ? "" : wanted;
        ObjectNode answer = Json.object();
        answer.put("server", server.name());
        JsonNode state;
        try {
            state = server.equals(cluster.facts().server())
                    ? Json.MAPPER.readTree(self.answer(
                            PeerAnswers.DRAIN, Json.bytes(Json.object().put("wanted", asked))))
                    : PeerAnswers.ask(
                            cluster, server, PeerAnswers.DRAIN, Json.object().put("wanted", asked));
        } catch (IOException e) {
            throw Refusal.unavailable(
                    String.valueOf(e.getMessage()),
                    "server " + server,
                    "a server that is off leads nothing, and needs not be drained: see anylease site status",
                    null);
        }
        for (String field : List.of("drained", "since", "leading")) {
            answer.set(field, state.path(field));
        }
        call.json(200, answer);
    }
}
