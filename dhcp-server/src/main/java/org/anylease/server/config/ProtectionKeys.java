package org.anylease.server.config;

import static org.anylease.server.config.Key.optional;

import java.util.List;

/** The keys of the protection against floods, for {@link Concept}. */
final class ProtectionKeys {
    static final List<Key> KEYS = List.of(
            optional("relays", Shape.LINES, "all", "the relays (giaddr) whose packets it takes", "10.0.0.0/8"),
            optional("client-packets", Shape.NUMBER, "any", "packets of a client in a minute, at most", "60"),
            optional("circuit-clients", Shape.NUMBER, "any", "new clients of a circuit in a minute", "20"),
            optional("circuit-leases", Shape.NUMBER, "any", "leases of a circuit; then it gets no more", "8"),
            optional("subnet-clients", Shape.NUMBER, "any", "new clients of a subnet in a minute", "5000"));

    private ProtectionKeys() {}
}
