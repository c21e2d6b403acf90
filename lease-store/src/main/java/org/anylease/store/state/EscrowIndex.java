package org.anylease.store.state;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.anylease.store.address.AddressRange;
import org.anylease.store.address.Ipv4;
import org.anylease.store.allocation.NetworkPlan;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.config.Subnet;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.jspecify.annotations.Nullable;

/** Which addresses are set aside for which server. A network's are found at a price that grows with its own only. */
final class EscrowIndex {
    /** By which entry each address was granted. */
    private final TreeMap<ServerId, TreeMap<Ipv4, LogIndex>> byOwner = new TreeMap<>();

    void changed(@Nullable Binding before, Binding now) {
        ServerId old = owner(before);
        ServerId owner = owner(now);
        if (old != null && !old.equals(owner)) {
            TreeMap<Ipv4, LogIndex> grants = byOwner.get(old);
            if (grants != null) {
                grants.remove(now.address());
                if (grants.isEmpty()) {
                    byOwner.remove(old);
                }
            }
        }
        if (owner != null) {
            byOwner.computeIfAbsent(owner, _ -> new TreeMap<>()).put(now.address(), now.index());
        }
    }

    private static @Nullable ServerId owner(@Nullable Binding binding) {
        return binding == null || binding.state() != BindingState.ESCROWED ? null : binding.server();
    }

    /** What a server has in a network, granted longest ago first. */
    List<EscrowGrant> of(ServerId owner, NetworkPlan network) {
        TreeMap<Ipv4, LogIndex> grants = byOwner.get(owner);
        if (grants == null) {
            return List.of();
        }
        List<EscrowGrant> found = new ArrayList<>();
        for (Subnet subnet : network.network().subnets()) {
            AddressRange range = subnet.prefix().range();
            take(grants.subMap(range.first(), true, range.last(), true), found);
        }
        Collections.sort(found);
        return found;
    }

    /** All of a server's addresses, the one granted longest ago first. */
    List<Ipv4> of(ServerId owner) {
        TreeMap<Ipv4, LogIndex> grants = byOwner.get(owner);
        if (grants == null) {
            return List.of();
        }
        List<EscrowGrant> found = new ArrayList<>(grants.size());
        take(grants, found);
        Collections.sort(found);
        return found.stream().map(EscrowGrant::address).toList();
    }

    private static void take(Map<Ipv4, LogIndex> grants, List<EscrowGrant> found) {
        grants.forEach((address, index) -> found.add(new EscrowGrant(address, index)));
    }
}
