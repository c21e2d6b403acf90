package org.anylease.server.isc.convert;

import java.util.List;

/** Settles what nothing took: it would have had no effect, and that is said. */
final class Leftovers {
    private Leftovers() {}

    static void settle(Scope global) {
        for (Scope scope : global.all()) {
            scope.options
                    .values()
                    .forEach(uses -> uses.forEach(use -> refuse(
                            use.entry(), "nothing that is converted takes it", "see the declaration it stands in")));
            scope.spaced.forEach((space, options) -> options.values()
                    .forEach(uses -> uses.forEach(use -> refuse(
                            use.entry(),
                            "no option carries space '" + space + "' here",
                            "name the space with vendor-option-space, or leave it out"))));
            Held<String> unknown = scope.values.get("boot-unknown-clients");
            if (unknown != null
                    && unknown.value().equals("true")
                    && !unknown.entry().isSettled()) {
                unknown.entry().converted("that is how it is here");
            }
            scope.values.forEach((name, held) -> refuse(held.entry(), why(name, scope), todo(name)));
            if (scope.kind() == Scope.Kind.CONDITION
                    && !scope.entry().isSettled()
                    && scope.all().stream().anyMatch(inner -> !inner.sets.isEmpty())) {
                scope.entry().converted("it is part of what the variables come to");
            }
            if (scope.kind() == Scope.Kind.CLASS || scope.kind() == Scope.Kind.CONDITION) {
                refuse(scope.entry(), "nothing that it holds has an effect here", "");
            }
            scope.fields.forEach((name, held) -> refuse(held.entry(), why(name, scope), ""));
            scope.doings.forEach(held -> refuse(held.entry(), "nothing that is converted does it", ""));
            if (scope.kind() == Scope.Kind.EVENT && !scope.entry().isSettled()) {
                boolean empty = scope.children.isEmpty() && scope.doings.isEmpty() && scope.options.isEmpty();
                if (empty) {
                    scope.entry().converted("it did nothing");
                } else {
                    scope.entry().refuse("nothing in it could be converted", "see what stands in it");
                }
            }
            scope.sets.forEach(held -> {
                if (!held.entry().isSettled()) {
                    held.entry().differs("nothing that is converted uses it, and it is not kept with the lease", "");
                }
            });
            scope.matchings.forEach(held -> refuse(held.entry(), "its class is not converted", ""));
            scope.permissions.forEach(held -> refuse(held.entry(), "the pool has no addresses", ""));
            List.of(scope.hardware, scope.identifiers, scope.addresses)
                    .forEach(list -> list.forEach(held -> refuse(held.entry(), "its host is not converted", "")));
        }
    }

    private static String why(String name, Scope scope) {
        return switch (name) {
            case "abandon-lease-time" -> "it can be said for the whole cluster only, and for longer than 0";
            case "use-host-decl-names" -> "no reservation takes it";
            case "boot-unknown-clients" -> "there is no pool that it concerns";
            case "vendor-option-space", "site-option-space" -> "no option of the space is set";
            default -> "it has no effect in a " + scope.kind().name().toLowerCase(java.util.Locale.ROOT);
        };
    }

    private static String todo(String name) {
        return switch (name) {
            case "abandon-lease-time" -> "set 'timers.quarantine'";
            case "authoritative", "ignore-client-uids", "ping-check", "ping-timeout", "ping-timeout-ms" ->
                "say it for the network";
            default -> "";
        };
    }

    private static void refuse(Ledger.Entry entry, String did, String instead) {
        if (!entry.isSettled()) {
            entry.refuse(did, instead);
        }
    }
}
