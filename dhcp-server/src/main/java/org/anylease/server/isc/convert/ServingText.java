package org.anylease.server.isc.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes how clients are served, and how pools are given out. */
final class ServingText {
    /** In the order in which they are written. */
    private static final List<String> PARAMETERS =
            List.of("booting", "min-secs", "always-broadcast", "use-lease-addr-for-default-route", "declines", "bootp");

    private ServingText() {}

    /**
     * Writes what the scopes of a level say.
     *
     * @param outermost whether no level is around it: dhcpd's defaults are others than ours
     * @param pooledBootp whether clients that speak BOOTP may have its addresses
     */
    static void write(YamlText out, List<Scope> own, boolean outermost, boolean pooledBootp) {
        List<String> fields = new ArrayList<>();
        for (String parameter : PARAMETERS) {
            Optional<Held<String>> said = Scope.value(own, parameter);
            if (parameter.equals("bootp")) {
                if (said.isPresent() || outermost || pooledBootp) {
                    boolean denied = said.isPresent() && said.get().value().equals("false");
                    fields.add("bootp: " + (denied ? "none" : pooledBootp ? "all" : "reserved"));
                }
            } else if (parameter.equals("min-secs")) {
                said.ifPresent(held -> fields.add("offer-after: " + held.value() + "s"));
            } else {
                said.ifPresent(held -> fields.add(flag(parameter) + ": " + held.value()));
            }
        }
        if (!fields.isEmpty()) {
            out.entry("serving", "{ " + String.join(", ", fields) + " }");
        }
        settle(own, PARAMETERS);
    }

    private static String flag(String parameter) {
        return switch (parameter) {
            case "booting" -> "enabled";
            case "always-broadcast" -> "broadcast";
            case "use-lease-addr-for-default-route" -> "own-address-as-router";
            case "declines" -> "quarantine-declined";
            default -> throw new IllegalArgumentException(parameter);
        };
    }

    /** Writes what the scopes of a level say of the pools within. */
    static void pooling(YamlText out, List<Scope> own) {
        Scope.value(own, "adaptive-lease-time-threshold")
                .ifPresent(held -> out.entry("short-leases-above", held.value()));
        Scope.value(own, "dynamic-bootp-lease-length")
                .ifPresent(held -> out.entry("bootp-lease", LeaseTriple.duration(Long.parseLong(held.value()))));
        settle(own, List.of("adaptive-lease-time-threshold", "dynamic-bootp-lease-length"));
    }

    private static void settle(List<Scope> own, List<String> parameters) {
        for (Scope scope : own) {
            for (String parameter : parameters) {
                Held<String> held = scope.values.get(parameter);
                if (held != null) {
                    held.entry().converted();
                }
            }
        }
    }
}
