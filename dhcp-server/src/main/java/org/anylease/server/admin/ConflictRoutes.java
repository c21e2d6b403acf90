package org.anylease.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome;
import org.anylease.store.replication.Proposal;

/** Addresses that were promised twice: which, and that an operator has seen to them. */
final class ConflictRoutes {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Cluster cluster;
    private final CellCopies copies;

    ConflictRoutes(Cluster cluster, InstantSource clock) {
        this.cluster = cluster;
        this.copies = new CellCopies(cluster, new PeerAnswers(cluster, clock));
    }

    List<Route> routes() {
        return List.of(
                Route.get("/v1/conflicts", List.of("cell"), this::list),
                Route.post("/v1/conflicts/clear", List.of("address", "plan"), this::clear));
    }

    private void list(Call call) throws IOException {
        ObjectNode answer = Json.object();
        ArrayNode conflicts = answer.putArray("conflicts");
        long dropped = 0;
        List<CellId> cells = call.query("cell").isPresent() ? List.of(cell(call)) : cluster.cells();
        for (CellId cell : cells) {
            JsonNode known = copies.first(cell, PeerAnswers.CONFLICTS);
            dropped += known.path("dropped").asLong();
            for (JsonNode conflict : known.path("conflicts")) {
                ObjectNode one = conflict.deepCopy();
                conflicts.add(one.put("cell", cell.name()));
            }
        }
        answer.put("dropped", dropped);
        call.json(200, answer);
    }

    private CellId cell(Call call) {
        String name = call.query("cell").orElse("");
        return cluster.cells().stream()
                .filter(cell -> cell.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Refusal.notFound(
                        "there is no cell " + name, "query parameter cell", "the cells are: " + cluster.cells()));
    }

    private void clear(Call call) throws IOException {
        String text = call.query("address").orElse("");
        Ipv4 address;
        try {
            address = Ipv4.parse(text);
        } catch (IllegalArgumentException e) {
            throw Refusal.badRequest(
                    "'" + text + "' is no address", "query parameter address", "anylease conflict list shows them");
        }
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray("conflicts");
        List<CellId> cells = new ArrayList<>();
        for (CellId cell : cluster.cells()) {
            for (JsonNode conflict : copies.first(cell, PeerAnswers.CONFLICTS).path("conflicts")) {
                if (Json.text(conflict, "address").equals(address.toString())) {
                    ObjectNode one = conflict.deepCopy();
                    list.add(one.put("cell", cell.name()));
                    cells.add(cell);
                }
            }
        }
        if (list.isEmpty()) {
            throw Refusal.notFound(
                    "no conflict of " + address + " is on record", "conflicts", "anylease conflict list shows all");
        }
        if (!call.flag("plan")) {
            for (int i = 0; i < cells.size(); i++) {
                clear(cells.get(i), address, (ObjectNode) list.get(i));
            }
        }
        call.json(200, answer);
    }

    private void clear(CellId cell, Ipv4 address, ObjectNode conflict) {
        LogIndex index = new LogIndex(conflict.path("index").asLong());
        Proposal proposal = RepeatedProposal.propose(
                        cluster, cell, new LeaseCommand.ClearConflict(address, index), PATIENCE)
                .join();
        if (!(proposal instanceof Proposal.Committed(var _, Outcome outcome))) {
            throw Refusal.unavailable(
                    "cell " + cell + " did not take it: no quorum answered within " + PATIENCE.toSeconds() + " s",
                    "cell " + cell,
                    "see anylease cell status, then clear it again",
                    null);
        }
        // Cleared by somebody else in the meantime: gone is gone.
        conflict.put("cleared", outcome instanceof Outcome.Done);
    }
}
