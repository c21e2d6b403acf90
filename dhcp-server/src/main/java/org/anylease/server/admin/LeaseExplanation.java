package org.anylease.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.lease.Binding;

/**
 * Who promised an address to whom until when, by which rule, at which log index, on which server: every server is
 * asked, since what one promised alone is known to it only until it is back in touch.
 */
final class LeaseExplanation {
    private static final List<String> PLACE = List.of("network", "subnet", "pool", "reservedFor");

    private final Cluster cluster;
    private final CellCopies copies;

    LeaseExplanation(Cluster cluster, InstantSource clock) {
        this.cluster = cluster;
        this.copies = new CellCopies(cluster, new PeerAnswers(cluster, clock));
    }

    /** Explains an address of whichever cell. */
    ObjectNode of(Ipv4 address) throws IOException {
        for (CellId cell : cluster.cells()) {
            JsonNode known = copies.first(cell, PeerAnswers.EXPLAIN, question(cell, address));
            if (known.has("subnet") || known.has("binding")) {
                return of(cell, address);
            }
        }
        throw Refusal.notFound(
                address + " lies in no subnet of the configuration, and nobody ever had it",
                "leases",
                "anylease pool list shows what is configured");
    }

    private static ObjectNode question(CellId cell, Ipv4 address) {
        return Json.object().put("cell", cell.name()).put("address", address.toString());
    }

    /** Explains an address of a cell. */
    ObjectNode of(CellId cell, Ipv4 address) throws IOException {
        CellCopies.Answers answers = copies.all(PeerAnswers.EXPLAIN, question(cell, address));
        JsonNode newest = Json.MAPPER.missingNode();
        for (JsonNode answer : answers.heard().values()) {
            if (answer.path("index").asLong(-1) > newest.path("index").asLong(-1)) {
                newest = answer;
            }
        }
        ObjectNode node = Json.object();
        node.put("address", address.toString());
        node.put("cell", cell.name());
        node.put("readIndex", newest.path("index").asLong());
        for (String field : PLACE) {
            if (newest.has(field)) {
                node.set(field, newest.path(field));
            }
        }
        Binding binding = newest.has("binding") ? BindingJson.read(newest.path("binding")) : null;
        node.put("state", binding == null ? "free" : Json.name(binding.state()));
        if (binding != null) {
            node.set("binding", newest.path("binding"));
        }
        ExplainedServers servers = new ExplainedServers(cluster, newest, answers);
        ExplanationText text = new ExplanationText(cluster, newest, servers);
        ArrayNode sentences = node.putArray("sentences");
        (binding == null ? text.unheld() : text.of(binding)).forEach(sentences::add);
        node.set("servers", servers.json());
        node.set("conflicts", newest.path("conflicts"));
        return node;
    }
}
