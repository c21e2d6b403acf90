package org.anylease.server.config;

import static org.anylease.server.config.Key.optional;

import java.util.List;

/** The keys of how clients are served, for {@link Concept}. */
final class ServingKeys {
    static final List<Key> SERVING = List.of(
            optional("enabled", Shape.BOOL, "true", "whether clients are given addresses at all", "false"),
            optional(
                    "offer-after",
                    Shape.DURATION,
                    "0s",
                    "a client is offered an address only once it says to have waited this long (field secs)",
                    "3s"),
            optional(
                    "broadcast",
                    Shape.BOOL,
                    "false",
                    "whether all replies on the client's link are broadcast, whatever it asks for",
                    "true"),
            optional(
                    "own-address-as-router",
                    Shape.BOOL,
                    "false",
                    "whether clients are told their own address as their router, for links with proxy ARP",
                    "true"),
            optional(
                    "quarantine-declined",
                    Shape.BOOL,
                    "true",
                    "whether an address that its client declines is put into quarantine",
                    "false"),
            optional(
                    "bootp",
                    Shape.oneOf("none", "reserved", "all"),
                    "none",
                    "which clients are answered that speak BOOTP: those with a reservation, or all, out of the pools"
                            + " for which it is said",
                    "reserved"));

    /** What may be said of pools, at every level from the file to the pool. */
    static final List<Key> POOLED = List.of(
            optional(
                    "short-leases-above",
                    Shape.PERCENT,
                    "never",
                    "once so many percent of the addresses that the same clients may have are in use, leases are"
                            + " `min-lease` long",
                    "80"),
            optional(
                    "bootp-lease",
                    Shape.DURATION,
                    "infinite",
                    "how long a client without reservation has its address that speaks BOOTP, and cannot renew it",
                    "30d"));

    private ServingKeys() {}
}
