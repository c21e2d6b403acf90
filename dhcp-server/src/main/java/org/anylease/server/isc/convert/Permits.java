package org.anylease.server.isc.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.anylease.server.isc.syntax.Statement.Permission;
import org.anylease.server.isc.syntax.Statement.Verb;

/**
 * Whom a pool is for (dhcpd.conf(5), <i>permit lists</i>): who meets one entry of {@code allow}, where there is any, and
 * none of {@code deny}. That is how it is here as well.
 *
 * @param allow names of classes, or our words
 * @param deny the same
 * @param leftOutBecause why nobody can be given its addresses; empty when they can
 * @param bootp what it says of clients that speak BOOTP
 */
record Permits(List<String> allow, List<String> deny, String leftOutBecause, Bootp bootp) {
    private static final String KNOWN = "known";
    private static final String UNKNOWN = "unknown";
    private static final String BOOTP = "bootp";

    /** What a pool says of clients that speak BOOTP. */
    enum Bootp {
        ALLOWED,
        DENIED,
        NOTHING
    }

    /** Copies the lists. */
    Permits {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
    }

    /** Reads the permissions of pools, which may name classes. */
    static final class Reader {
        private final ClassPlan classes;
        private final List<String> knownHosts;

        Reader(ClassPlan classes, KnownHosts hosts) {
            this.classes = classes;
            this.knownHosts = hosts.classes();
        }

        /** Settles the permissions of the pool that a scope stands in, and what is around it. */
        Permits read(Scope scope) {
            List<Held<Permission>> permissions =
                    scope.around(Scope.Kind.POOL).map(pool -> pool.permissions).orElse(List.of());
            List<String> allow = new ArrayList<>();
            List<String> deny = new ArrayList<>();
            String because = "";
            boolean nobody = false;
            for (Held<Permission> held : permissions) {
                boolean allowed = held.value().verb() == Verb.ALLOW;
                Optional<String> refused = settle(held, allowed ? allow : deny);
                nobody |= allowed && !allows(held.value());
                boolean essential =
                        refused.isPresent() && (allowed || held.value().what().equals("after"));
                because = because.isEmpty() && essential ? refused.orElseThrow() : because;
            }
            // Those who are allowed besides still are.
            because = allow.isEmpty() ? because : "";
            if (allow.isEmpty() && nobody && because.isEmpty()) {
                deny.add("all");
            }
            around(scope, allow, deny);
            if (allow.stream().allMatch(UNKNOWN::equals) && !allow.isEmpty()) {
                // A host without an address is unknown here, and was known to dhcpd.
                deny.addAll(knownHosts);
            }
            if (allow.contains("all") || (allow.contains(KNOWN) && allow.contains(UNKNOWN))) {
                allow.clear();
            }
            return new Permits(distinct(allow), distinct(deny), because, bootp(permissions));
        }

        private static Bootp bootp(List<Held<Permission>> permissions) {
            Bootp said = Bootp.NOTHING;
            for (Held<Permission> held : permissions) {
                if (isBootp(held.value())) {
                    boolean allowed = held.value().verb() == Verb.ALLOW;
                    said = allowed && said != Bootp.DENIED ? Bootp.ALLOWED : Bootp.DENIED;
                }
            }
            return said;
        }

        private static boolean isBootp(Permission permission) {
            return switch (permission.what()) {
                case "dynamic bootp", "dynamic bootp clients", "bootp" -> true;
                default -> false;
            };
        }

        /** Whether a permission lets any client in that sends DHCP. */
        private static boolean allows(Permission permission) {
            return switch (permission.what()) {
                case "all clients",
                        "unauthenticated clients",
                        "known clients",
                        "unknown clients",
                        "members of",
                        "after" -> true;
                default -> false;
            };
        }

        private static List<String> distinct(List<String> names) {
            return names.stream().distinct().toList();
        }

        private void around(Scope scope, List<String> allow, List<String> deny) {
            Optional<Held<String>> unknown = Scope.value(scope.chain(), "boot-unknown-clients");
            unknown.ifPresent(held -> held.entry().converted());
            boolean denied = unknown.isPresent() && unknown.get().value().equals("false");
            if (!denied || allow.contains(UNKNOWN) || allow.contains("all")) {
                return;
            }
            if (allow.isEmpty()) {
                allow.add(KNOWN);
                allow.addAll(knownHosts);
            } else if (!allow.stream().allMatch(name -> name.equals(KNOWN) || knownHosts.contains(name))) {
                deny.add(UNKNOWN);
                differ(unknown.get().entry());
            }
        }

        private void differ(Ledger.Entry entry) {
            if (!knownHosts.isEmpty()) {
                entry.differs("hosts without an address are refused as well", "give them reservations");
            }
        }

        /** Adds what a permission comes to. @return what it was, where it cannot be honoured */
        private Optional<String> settle(Held<Permission> held, List<String> names) {
            Permission permission = held.value();
            Ledger.Entry entry = held.entry();
            boolean allowed = permission.verb() == Verb.ALLOW;
            switch (permission.what()) {
                case "all clients", "unauthenticated clients" -> {
                    names.add("all");
                    entry.converted();
                }
                case "known clients" -> {
                    names.add(KNOWN);
                    names.addAll(knownHosts);
                    entry.converted();
                }
                case "unknown clients" -> {
                    names.add(UNKNOWN);
                    entry.converted();
                    if (!allowed) {
                        differ(entry);
                    }
                }
                case "dynamic bootp", "dynamic bootp clients", "bootp" -> {
                    if (allowed) {
                        names.add(BOOTP);
                    }
                    entry.converted();
                }
                case "authenticated clients" -> entry.converted("no client is authenticated");
                case "members of" -> {
                    return ofClass(permission.argument(), entry, allowed, names);
                }
                case "after" -> {
                    entry.refuse("the pool's clients changed at some time", "change the file at that time");
                    return Optional.of(said(permission));
                }
                default -> entry.refuse("it has no effect in a pool", "");
            }
            return Optional.empty();
        }

        private Optional<String> ofClass(String name, Ledger.Entry entry, boolean allowed, List<String> names) {
            Optional<ClassPlan.Planned> planned = classes.find(name);
            if (planned.isPresent()) {
                names.add(planned.get().name);
                entry.converted();
                return Optional.empty();
            }
            if (allowed) {
                entry.refuse(
                        "the pool was for members of class '" + name + "', which is not converted", "see the class");
            } else {
                entry.differs(
                        "members of class '" + name + "', which is not converted, get its addresses as well",
                        "see the class");
            }
            return Optional.of((allowed ? "allow" : "deny") + " members of \"" + name + "\"");
        }

        private static String said(Permission permission) {
            return permission.verb().name().toLowerCase(Locale.ROOT) + " " + permission.what()
                    + (permission.argument().isEmpty() ? "" : " \"" + permission.argument() + "\"");
        }
    }
}
