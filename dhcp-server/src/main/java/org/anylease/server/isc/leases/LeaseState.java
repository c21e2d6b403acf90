package org.anylease.server.isc.leases;

import java.util.Locale;
import java.util.Optional;

/** The binding states of dhcpd.leases(5). */
enum LeaseState {
    /** Anybody's. */
    FREE,
    /** A client's. */
    ACTIVE,
    /** It has run out; with failover the peer has not agreed yet. */
    EXPIRED,
    /** It was given back; with failover the peer has not agreed yet. */
    RELEASED,
    /** Found in use by a stranger. */
    ABANDONED,
    /** Freed by an operator; with failover the peer has not agreed yet. */
    RESET,
    /** Free, and set aside for the secondary of a failover pair. */
    BACKUP;

    /** By its word; old files call leases of BOOTP clients and reserved ones states of their own. */
    static Optional<LeaseState> of(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        for (LeaseState state : values()) {
            if (state.name().toLowerCase(Locale.ROOT).equals(lower)) {
                return Optional.of(state);
            }
        }
        return lower.equals("bootp") || lower.equals("reserved") ? Optional.of(ACTIVE) : Optional.empty();
    }
}
