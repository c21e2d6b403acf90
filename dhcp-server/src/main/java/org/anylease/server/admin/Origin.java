package org.anylease.server.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.anylease.store.cell.CellId;

/** Where an answer comes from: the server, and for each cell it has a copy of, the mode and the applied log index. */
final class Origin {
    private record At(CellId cell, String mode, long applied) {}

    private final Cluster.Facts facts;
    private final List<At> cells = new ArrayList<>();

    Origin(Cluster cluster) {
        this.facts = cluster.facts();
        for (CellId cell : cluster.cells()) {
            try {
                cluster.state(cell)
                        .ifPresent(state -> cells.add(new At(
                                cell, Json.name(state.mode()), state.applied().value())));
            } catch (IOException e) {
                // The answer itself may not need the loop, and says what it knows; /healthz reports the silence.
                cells.add(new At(cell, "unknown", 0));
            }
        }
    }

    ObjectNode toJson() {
        ObjectNode node = Json.object();
        node.put("cluster", facts.cluster());
        node.put("server", facts.server().name());
        node.put("site", facts.site().name());
        ArrayNode list = node.putArray("cells");
        for (At at : cells) {
            ObjectNode one = list.addObject();
            one.put("cell", at.cell.name());
            one.put("mode", at.mode);
            one.put("appliedIndex", at.applied);
        }
        return node;
    }

    void writeTo(Headers headers) {
        headers.add("Anylease-Server", facts.server() + "; site=" + facts.site());
        for (At at : cells) {
            headers.add("Anylease-Cell", at.cell + "; mode=" + at.mode + "; index=" + at.applied);
        }
    }
}
