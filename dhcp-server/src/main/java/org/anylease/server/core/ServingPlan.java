package org.anylease.server.core;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.CellId;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.ReplySettings;
import org.anylease.store.config.SharedNetwork;
import org.anylease.store.config.Subnet;
import org.jspecify.annotations.Nullable;

/**
 * Which cell, network and subnet serve an address, and on what terms: all cells' configurations, worked out once so
 * that a packet costs a binary search. Immutable; made anew when a configuration changes.
 *
 * <p>Prefixes may nest, never cross. So they are laid out flat beforehand: the address space cut at every first address
 * of a prefix and behind every last one, each piece with the longest prefix around it.
 */
final class ServingPlan {
    /** The plan of a server that has no configuration yet. */
    static final ServingPlan NONE = new ServingPlan(new long[0], new ServedSubnet[0], List.of());

    /** Where the pieces start, as unsigned numbers, in order. */
    private final long[] starts;

    /** The longest prefix around each piece, or null between the prefixes. */
    private final @Nullable ServedSubnet[] owners;

    private final List<CellId> overlapping;

    /** The first subnet of the network that a virtual private network consists of, where it is one network alone. */
    private final TreeMap<Octets, ServedSubnet> byVpn = new TreeMap<>();

    private ServingPlan(long[] starts, @Nullable ServedSubnet[] owners, List<CellId> overlapping) {
        this.starts = starts;
        this.owners = owners;
        this.overlapping = List.copyOf(overlapping);
        TreeSet<Octets> several = new TreeSet<>();
        for (ServedSubnet subnet : owners) {
            if (subnet == null || subnet.network().vpn().isEmpty()) {
                continue;
            }
            ServedSubnet known = byVpn.putIfAbsent(subnet.network().vpn(), subnet);
            if (known != null && !known.network().isSameAs(subnet.network())) {
                several.add(subnet.network().vpn());
            }
        }
        byVpn.keySet().removeAll(several);
    }

    /**
     * The plan of some cells.
     *
     * @param configs in order of cell; a prefix that two cells have is the first one's
     * @param outermost the settings around those of every cell: the server's own
     */
    static ServingPlan of(Collection<CellConfig> configs, ReplySettings outermost) {
        List<ServedSubnet> subnets = new ArrayList<>();
        for (CellConfig config : configs) {
            ServedCell cell = new ServedCell(config);
            ReplySettings around = config.settings().over(outermost);
            for (SharedNetwork network : config.networks()) {
                ServedNetwork served = new ServedNetwork(cell, network.name(), network.policy(), network.vpn());
                ReplySettings settings = network.settings().over(around);
                for (Subnet subnet : network.subnets()) {
                    subnets.add(new ServedSubnet(served, subnet, settings));
                }
            }
        }
        subnets.sort(
                Comparator.comparing((ServedSubnet subnet) -> subnet.prefix().network())
                        .thenComparingInt(subnet -> subnet.prefix().length()));
        return new Sweep().over(subnets);
    }

    /** One pass over the prefixes in order of address, outer ones first. */
    private static final class Sweep {
        private final List<Long> starts = new ArrayList<>();
        private final List<@Nullable ServedSubnet> owners = new ArrayList<>();
        private final List<CellId> overlapping = new ArrayList<>();
        private final ArrayDeque<ServedSubnet> open = new ArrayDeque<>();

        ServingPlan over(List<ServedSubnet> subnets) {
            for (ServedSubnet subnet : subnets) {
                closeBefore(subnet.prefix().network().unsigned());
                ServedSubnet around = open.peek();
                if (around != null && around.prefix().equals(subnet.prefix())) {
                    overlapping.add(subnet.network().cell().id());
                    continue;
                }
                open.push(subnet);
                cut(subnet.prefix().network().unsigned());
            }
            closeBefore(Long.MAX_VALUE);
            long[] flat = starts.stream().mapToLong(Long::longValue).toArray();
            return new ServingPlan(flat, owners.toArray(ServedSubnet[]::new), overlapping);
        }

        private void closeBefore(long next) {
            for (ServedSubnet top = open.peek(); top != null; top = open.peek()) {
                long end = top.prefix().last().unsigned() + 1;
                if (end > next) {
                    return;
                }
                open.pop();
                cut(end);
            }
        }

        private void cut(long start) {
            int last = starts.size() - 1;
            if (last >= 0 && starts.get(last) == start) {
                owners.set(last, open.peek());
            } else {
                starts.add(start);
                owners.add(open.peek());
            }
        }
    }

    /**
     * The subnet with the longest prefix around an address.
     *
     * @param address any address
     * @return the subnet, or null when none is configured; a field read and a binary search, nothing allocated
     */
    @Nullable
    ServedSubnet subnetOf(Ipv4 address) {
        int at = Arrays.binarySearch(starts, address.unsigned());
        int piece = at >= 0 ? at : -at - 2;
        return piece >= 0 ? owners[piece] : null;
    }

    /** A subnet of the only network of a virtual private network; null when it has none, or several. */
    @Nullable
    ServedSubnet subnetOfVpn(Octets vpn) {
        return byVpn.get(vpn);
    }

    /** The cells that configure a prefix which an earlier cell has. */
    List<CellId> overlapping() {
        return overlapping;
    }
}
