package org.anylease.server.isc.leases;

import java.time.Instant;
import java.util.List;
import org.anylease.server.isc.syntax.Place;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.jspecify.annotations.Nullable;

/**
 * What one lease declaration says.
 *
 * @param at where it stands
 * @param address the leased address
 * @param state its state; null where an old file does not say it
 * @param starts when the lease began, if it is said
 * @param ends when it ends or ended, of an abandoned address when it is tried again; if it is said
 * @param lastSeen the client's last transaction time, if it is said
 * @param hardware one octet of type, then the hardware address; empty when it is not said
 * @param uid the client identifier; empty when the client sent none
 * @param hostname the client's host name (option 12); empty when it sent none
 * @param relayInformation option 82; empty when there was none
 * @param differences what of it has no place in a binding, each a clause
 */
record LeaseEntry(
        Place at,
        Ipv4 address,
        @Nullable LeaseState state,
        @Nullable Instant starts,
        @Nullable Instant ends,
        @Nullable Instant lastSeen,
        Octets hardware,
        Octets uid,
        String hostname,
        Octets relayInformation,
        List<String> differences) {
    LeaseEntry {
        differences = List.copyOf(differences);
    }

    /** How findings show it. */
    String source() {
        return "lease " + address;
    }
}
