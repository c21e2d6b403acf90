package org.anylease.server.isc.convert;

import java.util.List;
import java.util.Optional;
import org.anylease.server.isc.syntax.Statement.Permission;
import org.anylease.server.isc.syntax.Statement.Verb;

/** Whether a pool is for everybody, as far as its permissions can be honoured (dhcpd.conf(5), <i>permit lists</i>). */
final class Restrictions {
    private static final String KNOWN =
            "there is no list of known clients: give each a reservation, or serve everybody";

    private Restrictions() {}

    /** Settles the permissions of a pool. @return why its addresses cannot be given to everybody; empty when they can */
    static String of(Scope scope) {
        List<Held<Permission>> permissions =
                scope.around(Scope.Kind.POOL).map(pool -> pool.permissions).orElse(List.of());
        boolean everybody = allows(permissions, "all clients")
                || allows(permissions, "unauthenticated clients")
                || (allows(permissions, "known clients") && allows(permissions, "unknown clients"));
        String because = "";
        for (Held<Permission> held : permissions) {
            String reason = settle(held, everybody);
            because = because.isEmpty() ? reason : because;
        }
        Optional<Held<String>> unknown = Scope.value(scope.chain(), "boot-unknown-clients");
        if (unknown.isPresent() && unknown.get().value().equals("true")) {
            unknown.get().entry().converted("that is how it is here");
        }
        boolean denied = unknown.isPresent() && unknown.get().value().equals("false");
        if (denied) {
            unknown.get().entry().refuse("clients without a host declaration got no answer: pools are left out", KNOWN);
        }
        boolean allowed = everybody || allows(permissions, "unknown clients");
        return because.isEmpty() && denied && !allowed ? "unknown clients are denied" : because;
    }

    private static boolean allows(List<Held<Permission>> permissions, String whom) {
        return permissions.stream()
                .anyMatch(held ->
                        held.value().verb() == Verb.ALLOW && held.value().what().equals(whom));
    }

    private static String settle(Held<Permission> held, boolean everybody) {
        Permission permission = held.value();
        Ledger.Entry entry = held.entry();
        boolean allowed = permission.verb() == Verb.ALLOW;
        String said = permission.verb().name().toLowerCase(java.util.Locale.ROOT) + " " + permission.what()
                + (permission.argument().isEmpty() ? "" : " \"" + permission.argument() + "\"");
        return switch (permission.what()) {
            case "all clients", "unauthenticated clients" -> {
                if (allowed) {
                    entry.converted("everybody is served");
                    yield "";
                }
                entry.refuse("nobody got an address of the pool", "it stands in the file as a comment");
                yield said;
            }
            case "unknown clients", "known clients" -> {
                boolean known = permission.what().equals("known clients");
                if (allowed && everybody) {
                    entry.converted("everybody is served");
                    yield "";
                }
                if (allowed == known) {
                    entry.refuse("the pool was for clients with a host declaration", KNOWN);
                    yield said;
                }
                entry.differs("clients with a reservation get its address, all others one of the pool", "");
                yield "";
            }
            case "dynamic bootp", "dynamic bootp clients", "bootp" -> {
                if (allowed) {
                    entry.refuse(
                            "BOOTP clients could get addresses of the pool", "BOOTP is not served: give them DHCP");
                } else {
                    entry.converted("BOOTP is not served");
                }
                yield "";
            }
            case "authenticated clients" -> {
                if (!allowed) {
                    entry.converted("no client is authenticated");
                    yield "";
                }
                entry.refuse("the pool was for authenticated clients, of which there were none", "");
                yield everybody ? "" : said;
            }
            case "members of" -> {
                if (allowed && !everybody) {
                    entry.refuse("the pool was for members of a class", ScopeReader.CLASSES);
                    yield said;
                }
                if (allowed) {
                    entry.converted("everybody is served");
                } else {
                    entry.differs("members of the class get addresses of the pool as well", ScopeReader.CLASSES);
                }
                yield "";
            }
            case "after" -> {
                entry.refuse("the pool's clients changed at some time", "change the file at that time");
                yield said;
            }
            default -> {
                entry.refuse("it has no effect in a pool", "");
                yield "";
            }
        };
    }
}
