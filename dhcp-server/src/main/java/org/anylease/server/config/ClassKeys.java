package org.anylease.server.config;

import static org.anylease.server.config.Key.optional;

import java.util.List;

/** The keys of client classes, for {@link Concept}. */
final class ClassKeys {
    static final List<Key> CLASS = List.of(
            optional(
                    "match",
                    Shape.TEXT,
                    "any client",
                    "a condition that members meet, or octets of which `members` lists the values",
                    "option[60] starts-with \"PXEClient\""),
            optional(
                    "spawn-by",
                    Shape.TEXT,
                    "none",
                    "octets: whoever has them is a member, and leases are counted for each value",
                    "relay.circuit-id"),
            optional(
                    "member-by",
                    Shape.TEXT,
                    "none",
                    "octets of which `members` lists the values, beside a condition in `match`",
                    "option[250]"),
            optional(
                    "lease-limit",
                    Shape.NUMBER,
                    "none",
                    "how many leases the class may have, for each value where there are values",
                    "4"),
            optional(
                    "members",
                    Shape.members("class-member"),
                    "none",
                    "values with what is said of each, or only values: octets as `1:00:11` or `0x…`, anything else as"
                            + " text",
                    "{ 1:02:00:00:00:00:01: { lease-limit: 2 } }"));

    static final List<Key> MEMBER = List.of(
            optional("lease-limit", Shape.NUMBER, "the class's", "how many leases there may be of this value", "2"),
            optional("options", Shape.OPTIONS, "the class's", "options by name or code", "{ routers: 10.0.0.1 }"),
            optional("boot", Shape.of("boot"), "the class's", "the header's boot fields", "{ file: phone.cfg }"),
            optional("serving", Shape.of("serving"), "the class's", "how it is served", "{ enabled: false }"));

    private ClassKeys() {}
}
