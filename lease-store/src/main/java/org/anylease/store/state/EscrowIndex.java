package org.anylease.store.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.allocation.NetworkPlan;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.jspecify.annotations.Nullable;

/** Which addresses are set aside for which server, the one granted longest ago first. */
final class EscrowIndex {
    private final TreeMap<ServerId, TreeSet<Grant>> byOwner = new TreeMap<>();

    /**
     * An address set aside.
     *
     * @param index the entry that granted it
     * @param address the address
     */
    record Grant(LogIndex index, Ipv4 address) implements Comparable<Grant> {
        @Override
        public int compareTo(Grant other) {
            int byIndex = index.compareTo(other.index);
            return byIndex != 0 ? byIndex : address.compareTo(other.address);
        }
    }

    void changed(@Nullable Binding before, Binding now) {
        ServerId old = owner(before);
        ServerId owner = owner(now);
        boolean same = before != null
                && old != null
                && old.equals(owner)
                && before.index().equals(now.index());
        if (old != null && before != null && !same) {
            Set<Grant> grants = grants(old);
            grants.remove(new Grant(before.index(), before.address()));
            if (grants.isEmpty()) {
                byOwner.remove(old);
            }
        }
        if (owner != null && !same) {
            grants(owner).add(new Grant(now.index(), now.address()));
        }
    }

    private Set<Grant> grants(ServerId owner) {
        return byOwner.computeIfAbsent(owner, _ -> new TreeSet<>());
    }

    private static @Nullable ServerId owner(@Nullable Binding binding) {
        return binding == null || binding.state() != BindingState.ESCROWED ? null : binding.server();
    }

    /** A server's addresses in a network, the one granted longest ago first. */
    List<Ipv4> of(ServerId owner, NetworkPlan network) {
        List<Ipv4> found = new ArrayList<>();
        for (Grant grant : byOwner.getOrDefault(owner, new TreeSet<>())) {
            if (network.contains(grant.address)) {
                found.add(grant.address);
            }
        }
        return found;
    }

    /** All of a server's addresses, the one granted longest ago first. */
    List<Ipv4> of(ServerId owner) {
        return byOwner.getOrDefault(owner, new TreeSet<>()).stream()
                .map(Grant::address)
                .toList();
    }
}
