package org.anylease.server.expression;

import java.util.SortedMap;
import java.util.TreeMap;
import org.anylease.server.expression.Node.Count;
import org.anylease.server.expression.Node.Data;
import org.anylease.store.address.Ipv4;
import org.jspecify.annotations.Nullable;

/** What of a lease has a name. */
final class LeaseFields {
    private static final SortedMap<String, Node> BY_NAME = byName();

    private LeaseFields() {}

    static @Nullable Node find(String name) {
        return BY_NAME.get(name);
    }

    static Iterable<String> names() {
        return BY_NAME.keySet();
    }

    private static SortedMap<String, Node> byName() {
        SortedMap<String, Node> fields = new TreeMap<>();
        fields.put("lease.address", (Data) e -> {
            Ipv4 address = e.reply().address();
            return address == null ? null : Octet.ofAddress(address);
        });
        fields.put("lease.time", (Count) e ->
                e.reply().address() == null ? Count.ABSENT : Math.min(e.reply().seconds(), Count.MAX));
        return fields;
    }

    static Data configured(int code) {
        return e -> {
            byte[] value = e.reply().configured(code, e);
            return value != null && e.spend(value.length) ? value : null;
        };
    }
}
