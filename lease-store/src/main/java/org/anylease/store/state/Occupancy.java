package org.anylease.store.state;

import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.anylease.store.address.Ipv4;
import org.anylease.store.allocation.AddressPlan;
import org.anylease.store.allocation.NetworkPlan;
import org.anylease.store.lease.BindingState;

/**
 * How many of a network's dynamic addresses are idle (FREE and not offered, those without a record included), and how
 * many are set aside. Counted from the records, so that no pool has to be walked.
 */
final class Occupancy {
    private final TreeMap<String, Counts> byNetwork = new TreeMap<>();

    /** By group of pools. */
    private static final class Counts {
        final long[] used;
        final long[] escrowed;

        Counts(int groups) {
            used = new long[groups];
            escrowed = new long[groups];
        }
    }

    /** What a record counts as. */
    enum Use {
        /** FREE and not offered, or no record. */
        IDLE,
        /** Set aside for a server. */
        ESCROWED,
        /** Anything else. */
        USED;

        static Use of(BindingState state, boolean offered) {
            return switch (state) {
                case FREE -> offered ? USED : IDLE;
                case ESCROWED -> ESCROWED;
                case ACTIVE, EXPIRED, RELEASED, ABANDONED, RESERVED -> USED;
            };
        }
    }

    /** Begins anew with a network, of which no record is counted. */
    void clear(NetworkPlan network) {
        byNetwork.put(network.network().name(), new Counts(network.groupCount()));
    }

    /** A record of a dynamic address in a group of pools has changed. */
    void changed(NetworkPlan network, int group, Use before, Use now) {
        count(network, group, before, -1);
        count(network, group, now, 1);
    }

    /**
     * Other addresses are reserved in the same pools: those count no longer, and those that are reserved no longer do.
     *
     * @param useOf what an address's record counts as
     */
    void reserveOthers(NetworkPlan before, NetworkPlan now, Function<Ipv4, Use> useOf) {
        TreeSet<Ipv4> reserved = new TreeSet<>(before.reservedAddresses());
        reserved.addAll(now.reservedAddresses());
        for (Ipv4 address : reserved) {
            boolean counts = now.isDynamic(address);
            if (counts != before.isDynamic(address)) {
                count(now, now.groupOf(address), useOf.apply(address), counts ? 1 : -1);
            }
        }
    }

    private void count(NetworkPlan network, int group, Use use, int by) {
        Counts counts = of(network);
        switch (use) {
            case IDLE -> {}
            case ESCROWED -> counts.escrowed[group] += by;
            case USED -> counts.used[group] += by;
        }
    }

    private Counts of(NetworkPlan network) {
        Counts counts = byNetwork.get(network.network().name());
        if (counts == null) {
            counts = new Counts(network.groupCount());
            byNetwork.put(network.network().name(), counts);
        }
        return counts;
    }

    long idle(NetworkPlan network) {
        long idle = 0;
        for (int group = 0; group < network.groupCount(); group++) {
            idle += idle(network, group);
        }
        return idle;
    }

    long idle(NetworkPlan network, int group) {
        return network.dynamicCount(group) - of(network).used[group] - escrowed(network, group);
    }

    /** How many are neither idle nor set aside. */
    long used(NetworkPlan network, int group) {
        return of(network).used[group];
    }

    int escrowed(NetworkPlan network) {
        int escrowed = 0;
        for (int group = 0; group < network.groupCount(); group++) {
            escrowed += (int) escrowed(network, group);
        }
        return escrowed;
    }

    long escrowed(NetworkPlan network, int group) {
        return of(network).escrowed[group];
    }

    /** Keeps only the networks that a plan has. */
    void retain(AddressPlan plan) {
        byNetwork.keySet().removeIf(name -> plan.network(name) == null);
    }
}
