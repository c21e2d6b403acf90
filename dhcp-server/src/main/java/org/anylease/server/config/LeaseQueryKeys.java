package org.anylease.server.config;

import static org.anylease.server.config.Key.optional;
import static org.anylease.server.config.Key.required;

import java.util.List;

/** The keys of lease queries, for {@link Concept}. */
final class LeaseQueryKeys {
    static final List<Key> KEYS = List.of(
            required(
                    "from",
                    Shape.PREFIXES,
                    "who may ask about leases: both giaddr and the sender's address of a query lie in one of these",
                    "[10.0.0.0/24, 10.1.0.1/32]"),
            optional("port", Shape.PORT, "`listen.port`", "where bulk queries are heard (TCP)", "1067"),
            optional(
                    "connections",
                    Shape.COUNT,
                    "10",
                    "so many connections at a time, 0 to 1000; 0 leaves bulk queries out",
                    "20"),
            optional(
                    "queries",
                    Shape.NUMBER,
                    "16",
                    "so many queries of a connection wait for their turn, 1 to 1000; further ones are not read"
                            + " meanwhile",
                    "4"),
            optional(
                    "timeout",
                    Shape.DURATION,
                    "5m",
                    "a connection on which nothing is asked, or nothing taken, for so long is closed; 1s to 1h",
                    "1m"));

    private LeaseQueryKeys() {}
}
