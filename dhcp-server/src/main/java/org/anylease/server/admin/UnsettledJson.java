package org.anylease.server.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.command.Conflict;
import org.anylease.store.command.PromiseRule;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;

/** What of a cell is not settled, in JSON; docs/operations/admin-api.md lists the fields. */
final class UnsettledJson {
    private UnsettledJson() {}

    /** All but the conflicts, of which only the number is told. */
    static ObjectNode of(Cluster.Unsettled unsettled) {
        ObjectNode node = Json.object();
        LogIndex since = unsettled.since();
        node.put("addresses", unsettled.waiting().addresses());
        node.put("since", since == null ? null : since.value());
        boolean waits = unsettled.waiting().addresses() > 0;
        boolean ends = waits && !unsettled.waiting().until().equals(Binding.TIME_MAX);
        node.put("until", ends ? unsettled.waiting().until().toString() : null);
        ArrayNode awaited = node.putArray("awaited");
        unsettled.awaited().forEach(server -> awaited.add(server.name()));
        ArrayNode down = node.putArray("down");
        for (Cluster.Down one : unsettled.down()) {
            ObjectNode each = down.addObject();
            each.put("server", one.server().name());
            each.put("since", one.since().toString());
            each.put("awaitedUntil", one.awaitedUntil().toString());
            each.put("over", unsettled.time().isAfter(one.awaitedUntil()));
        }
        node.put("downUntil", unsettled.downUntil().toString());
        ObjectNode escrow = node.putObject("escrow");
        unsettled.escrow().forEach((server, addresses) -> escrow.put(server.name(), addresses));
        node.put("conflicts", unsettled.conflicts().size());
        return node;
    }

    /** A double promise. */
    static ObjectNode of(Conflict conflict) {
        ObjectNode node = Json.object();
        node.put("address", conflict.address().toString());
        node.put("index", conflict.index().value());
        node.put("time", conflict.time().toString());
        client(node, "holder", conflict.holder());
        node.put("holderUntil", conflict.holderUntil().toString());
        client(node, "promised", conflict.promised());
        node.put("by", conflict.by().name());
        node.put("rule", rule(conflict.rule()));
        node.put("until", conflict.until().toString());
        return node;
    }

    /** Such as {@code R2}. */
    static String rule(PromiseRule rule) {
        return "R" + rule.code();
    }

    static void client(ObjectNode node, String field, @Nullable LeaseClient client) {
        if (client == null) {
            node.putNull(field);
            return;
        }
        ObjectNode named = node.putObject(field);
        named.put("kind", Json.name(client.id().kind()));
        named.put("id", client.id().value().toString());
        named.put("mac", BindingJson.mac(client));
        named.put("hostname", client.hostname());
    }
}
