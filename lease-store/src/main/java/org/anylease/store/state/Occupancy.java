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
    private final TreeMap<String, Integer> used = new TreeMap<>();
    private final TreeMap<String, Integer> escrowed = new TreeMap<>();

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

    void clear(String network) {
        used.remove(network);
        escrowed.remove(network);
    }

    /** A record of a dynamic address has changed. */
    void changed(NetworkPlan network, Use before, Use now) {
        count(network, before, -1);
        count(network, now, 1);
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
                count(now, useOf.apply(address), counts ? 1 : -1);
            }
        }
    }

    private void count(NetworkPlan network, Use use, int by) {
        String name = network.network().name();
        switch (use) {
            case IDLE -> {}
            case ESCROWED -> escrowed.merge(name, by, Integer::sum);
            case USED -> used.merge(name, by, Integer::sum);
        }
    }

    long idle(NetworkPlan network) {
        return network.dynamicCount() - used.getOrDefault(network.network().name(), 0) - escrowed(network);
    }

    int escrowed(NetworkPlan network) {
        return escrowed.getOrDefault(network.network().name(), 0);
    }

    /** Keeps only the networks that a plan has. */
    void retain(AddressPlan plan) {
        used.keySet().removeIf(name -> plan.network(name) == null);
        escrowed.keySet().removeIf(name -> plan.network(name) == null);
    }
}
