package org.anylease.store.state;

import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import org.anylease.store.address.Octets;
import org.anylease.store.lease.LeaseClient;
import org.anylease.store.lease.Offer;
import org.jspecify.annotations.Nullable;

/**
 * How many offers stand for each circuit of a relay (RFC 3046 §3.1), so that no subscriber empties a pool by asking
 * for ever more addresses. Counted from the records, lapsed offers included until they are removed.
 */
final class CircuitLoad {
    /** No circuit has more offers than this. */
    static final int OFFERS_PER_CIRCUIT_MAX = 1024;

    private static final int CIRCUIT_ID = 1;

    private final Long2IntOpenHashMap offers = new Long2IntOpenHashMap();

    void count(@Nullable Offer offer, int by) {
        if (offer == null || !hasCircuit(offer.client())) {
            return;
        }
        long circuit = circuit(offer.client());
        if (offers.addTo(circuit, by) + by == 0) {
            offers.remove(circuit);
        }
    }

    /** Whether a client's circuit may have another offer. */
    boolean hasRoomFor(LeaseClient client) {
        return !hasCircuit(client) || offers.get(circuit(client)) < OFFERS_PER_CIRCUIT_MAX;
    }

    private static boolean hasCircuit(LeaseClient client) {
        return circuitAt(client.relayInformation()) >= 0;
    }

    /** Where the circuit id's length stands in an option 82, or -1. */
    private static int circuitAt(Octets information) {
        int at = 0;
        while (at + 1 < information.length()) {
            int next = at + 2 + information.at(at + 1);
            if (information.at(at) == CIRCUIT_ID && next <= information.length()) {
                return at + 1;
            }
            at = next;
        }
        return -1;
    }

    private static long circuit(LeaseClient client) {
        byte[] information = client.relayInformation().toArray();
        int at = circuitAt(client.relayInformation());
        return StateHash.ofRecord(client.relay().bits(), information, at + 1, information[at] & 0xff);
    }
}
