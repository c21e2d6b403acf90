package org.anylease.server.config;

import static org.anylease.server.config.Key.optional;

import java.util.List;

/** The keys of several levels, for {@link Concept}. */
final class LevelKeys {
    /** What may be said at every level, and reaches down to all levels below that say nothing themselves. */
    static final List<Key> INHERITED = List.of(
            optional("options", Shape.OPTIONS, "inherited", "options by name or code", "{ routers: 10.0.0.1 }"),
            optional("boot", Shape.of("boot"), "inherited", "the header's boot fields", "{ next-server: 10.0.0.9 }"),
            optional("serving", Shape.of("serving"), "inherited", "how clients are served", "{ broadcast: true }"),
            optional("lease", Shape.DURATION, "1h", "what a client gets that asks for nothing", "8h"),
            optional("min-lease", Shape.DURATION, "5m, or `lease` if shorter", "no lease is shorter", "10m"),
            optional("max-lease", Shape.DURATION, "24h, or `lease` if longer", "no lease is longer", "7d"));

    /** What may be said for whole networks. */
    static final List<Key> POLICY = List.of(
            optional(
                    "authoritative",
                    Shape.BOOL,
                    "true",
                    "whether a client with an address of another network is told so",
                    "false"),
            optional(
                    "identity",
                    Shape.oneOf("client-identifier", "hardware"),
                    "client-identifier",
                    "what identifies a client",
                    "hardware"),
            optional(
                    "probe",
                    Shape.of("probe"),
                    "see there",
                    "whether addresses are probed before an offer",
                    "{ enabled: false }"));

    private LevelKeys() {}
}
