package org.anylease.store.state;

import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import org.anylease.store.address.Octets;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.LeaseClient;
import org.anylease.store.lease.Offer;
import org.jspecify.annotations.Nullable;

/**
 * How many offers stand for each circuit of a relay (RFC 3046 §3.1), so that no subscriber empties a pool by asking
 * for ever more addresses, and how many leases run, where somebody wants to know. Counted from the records, lapsed
 * offers included until they are removed. No rule of the cell asks for leases: only some servers may count them.
 */
final class CircuitLoad {
    /** No circuit has more offers than this. */
    static final int OFFERS_PER_CIRCUIT_MAX = 1024;

    private static final int CIRCUIT_ID = 1;

    private final Long2IntOpenHashMap offers = new Long2IntOpenHashMap();
    private @Nullable Long2IntOpenHashMap leases;

    /** A binding takes the place of another. */
    void changed(@Nullable Binding before, Binding now) {
        Offer earlier = before == null ? null : before.offer();
        count(offers, earlier == null ? null : earlier.client(), -1);
        count(offers, now.offer() == null ? null : now.offer().client(), 1);
        if (leases != null) {
            count(leases, before == null ? null : holder(before), -1);
            count(leases, holder(now), 1);
        }
    }

    /** Forgets what was counted; from now on leases are counted too, which costs memory for each circuit. */
    void startOver() {
        offers.clear();
        leases = new Long2IntOpenHashMap();
    }

    /** How many leases run on a client's circuit; 0 when it has none, or they are not counted. */
    int leasesBeside(LeaseClient client) {
        return leases == null || !hasCircuit(client) ? 0 : leases.get(circuit(client));
    }

    boolean countsLeases() {
        return leases != null;
    }

    private static @Nullable LeaseClient holder(Binding binding) {
        return binding.state() == BindingState.ACTIVE ? binding.client() : null;
    }

    private static void count(Long2IntOpenHashMap counts, @Nullable LeaseClient client, int by) {
        if (client == null || !hasCircuit(client)) {
            return;
        }
        long circuit = circuit(client);
        if (counts.addTo(circuit, by) + by == 0) {
            counts.remove(circuit);
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
