package org.anylease.server.isc.convert;

import org.anylease.server.isc.syntax.Statement.Permission;
import org.anylease.server.isc.syntax.Statement.Verb;

/** Says what becomes of {@code allow}, {@code deny} and {@code ignore}. */
final class PermissionReader {
    void read(Permission permission, Scope scope, Ledger.Entry entry) {
        if (scope.kind() == Scope.Kind.POOL) {
            scope.permissions.add(new Held<>(permission, entry));
            return;
        }
        boolean allowed = permission.verb() == Verb.ALLOW;
        switch (permission.what()) {
            case "unknown clients" -> hold(scope, "boot-unknown-clients", allowed, entry);
            case "bootp", "booting", "declines" -> hold(scope, permission.what(), allowed, entry);
            case "duplicates" ->
                settle(
                        entry,
                        allowed,
                        "a client's other leases were freed when it came with another identifier",
                        "set 'identity: hardware' where clients change their identifier");
            case "client updates" -> hold(scope, "client-updates", allowed, entry);
            case "leasequery" -> {
                if (allowed) {
                    entry.differs(
                            "anybody could ask about leases",
                            "set 'leasequery.from' of server.yaml to the addresses that may");
                } else {
                    settle(entry, true, "", "");
                }
            }
            default -> entry.refuse("it has no effect outside of a pool", "");
        }
    }

    private static void settle(Ledger.Entry entry, boolean alike, String did, String instead) {
        if (alike) {
            entry.converted("that is how it is here");
        } else {
            entry.refuse(did, instead);
        }
    }

    private static void hold(Scope scope, String name, boolean allowed, Ledger.Entry entry) {
        Held<String> before = scope.values.put(name, new Held<>(Boolean.toString(allowed), entry));
        if (before != null) {
            before.entry().converted("a later one in the same place counts");
        }
    }
}
