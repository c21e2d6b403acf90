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
            case "unknown clients" ->
                scope.values.put("boot-unknown-clients", new Held<>(Boolean.toString(allowed), entry));
            case "bootp", "booting", "declines" ->
                scope.values.put(permission.what(), new Held<>(Boolean.toString(allowed), entry));
            case "duplicates" ->
                settle(
                        entry,
                        allowed,
                        "a client's other leases were freed when it came with another identifier",
                        "set 'identity: hardware' where clients change their identifier");
            case "client updates" -> scope.values.put("client-updates", new Held<>(Boolean.toString(allowed), entry));
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
}
