package org.anylease.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.anylease.store.address.Ipv4;
import org.anylease.store.alone.JournalRecord;
import org.anylease.store.cell.CellId;
import org.anylease.store.config.CellConfig;
import org.anylease.store.lease.Binding;
import org.anylease.store.state.ReservationStatus;

/** What one server knows of one address: what its copy of the cell says, and what it may have promised alone. */
final class AddressKnowledge {
    private AddressKnowledge() {}

    private static ObjectNode promise(JournalRecord.Promise promise) {
        ObjectNode node = Json.object();
        UnsettledJson.client(node, "client", promise.client());
        node.put("until", promise.until().toString());
        node.put("rule", UnsettledJson.rule(promise.rule()));
        node.put("binding", promise.binding().value());
        node.put("ending", Json.name(promise.ending()));
        node.put("promised", promise.promised().toString());
        return node;
    }

    static ObjectNode of(Cluster cluster, JsonNode asked) throws IOException {
        CellId cell = new CellId(Json.text(asked, "cell"));
        Ipv4 address = Ipv4.parse(Json.text(asked, "address"));
        ObjectNode node = Json.object();
        Optional<Cluster.CellState> state = cluster.state(cell);
        Optional<Cluster.LeaseView> view = cluster.view(cell);
        Optional<Cluster.Unsettled> unsettled = cluster.unsettled(cell);
        node.put("holds", view.isPresent());
        if (view.isEmpty() || state.isEmpty() || unsettled.isEmpty()) {
            return node;
        }
        try (Cluster.LeaseView open = view.get()) {
            node.put("index", open.index().value());
            for (Binding binding : open.from(address)) {
                if (binding.address().equals(address)) {
                    node.set("binding", BindingJson.tree(binding));
                }
                break;
            }
        }
        node.put("mode", Json.name(state.get().mode()));
        node.put("modeSince", state.get().quorum().since().toString());
        CellConfig config = state.get().config();
        if (config != null) {
            LeaseDescription.place(node, config, address);
            for (ReservationStatus status : cluster.reservations(cell).orElse(List.of())) {
                if (status.reservation().address().equals(address)) {
                    node.set(
                            "runTimeReservation",
                            ReservationJson.of(status.reservation()).put("inForce", status.inForce()));
                }
            }
            node.put("mcltMillis", config.timers().mclt().toMillis());
            node.put("skewMillis", config.timers().skew().toMillis());
        }
        cluster.promisedAlone(cell, address).ifPresent(promise -> node.set("promise", promise(promise)));
        node.set("unsettled", UnsettledJson.of(unsettled.get()));
        ArrayNode conflicts = node.putArray("conflicts");
        unsettled.get().conflicts().stream()
                .filter(conflict -> conflict.address().equals(address))
                .forEach(conflict -> conflicts.add(UnsettledJson.of(conflict)));
        return node;
    }
}
