package org.anylease.server.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.anylease.store.address.AddressRange;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.Pool;
import org.anylease.store.config.SharedNetwork;
import org.anylease.store.config.Subnet;
import org.anylease.store.lease.Binding;

/**
 * How a pool's addresses are used. Every address is counted once: {@code size} is the sum of the others but
 * {@code offered}, which are among the free ones.
 *
 * @param cell the pool's cell
 * @param network its shared network
 * @param subnet its subnet
 * @param range its addresses
 * @param active leased
 * @param waiting expired or released, and not yet anybody else's
 * @param abandoned in quarantine
 * @param escrowed set aside for a server
 * @param reserved kept by the configuration
 * @param free free for anyone
 * @param offered of the free ones, those held for a client
 */
public record PoolUse(
        CellId cell,
        String network,
        String subnet,
        AddressRange range,
        long active,
        long waiting,
        long abandoned,
        long escrowed,
        long reserved,
        long free,
        long offered) {
    private static final int KINDS = 6;

    /**
     * How many addresses the pool has.
     *
     * @return at least 1
     */
    public long size() {
        return range.size();
    }

    /**
     * Counts the use of all pools of a cell.
     *
     * @param config the cell's configuration
     * @param bindings its bindings, in any order; addresses without one are free
     * @return one for each pool, in order of address
     */
    public static List<PoolUse> count(CellConfig config, Iterable<Binding> bindings) {
        TreeMap<Ipv4, AddressRange> ranges = new TreeMap<>();
        for (SharedNetwork network : config.networks()) {
            for (Subnet subnet : network.subnets()) {
                subnet.pools().forEach(pool -> ranges.put(pool.range().first(), pool.range()));
            }
        }
        TreeMap<Ipv4, long[]> counts = new TreeMap<>();
        ranges.keySet().forEach(first -> counts.put(first, new long[KINDS]));
        for (Binding binding : bindings) {
            Map.Entry<Ipv4, AddressRange> pool = ranges.floorEntry(binding.address());
            if (pool != null && pool.getValue().contains(binding.address())) {
                long[] count = counts.get(pool.getKey());
                if (count != null) {
                    add(count, binding);
                }
            }
        }
        List<PoolUse> uses = new ArrayList<>();
        for (SharedNetwork network : config.networks()) {
            for (Subnet subnet : network.subnets()) {
                for (Pool pool : subnet.pools()) {
                    long[] count = counts.getOrDefault(pool.range().first(), new long[KINDS]);
                    uses.add(of(config.cell(), network.name(), subnet, pool.range(), count));
                }
            }
        }
        return List.copyOf(uses);
    }

    private static void add(long[] count, Binding binding) {
        switch (binding.state()) {
            case FREE -> count[5] += binding.offer() == null ? 0 : 1;
            case ACTIVE -> count[0]++;
            case EXPIRED, RELEASED -> count[1]++;
            case ABANDONED -> count[2]++;
            case ESCROWED -> count[3]++;
            case RESERVED -> count[4]++;
        }
    }

    private static PoolUse of(CellId cell, String network, Subnet subnet, AddressRange range, long[] count) {
        long taken = count[0] + count[1] + count[2] + count[3] + count[4];
        return new PoolUse(
                cell,
                network,
                subnet.prefix().toString(),
                range,
                count[0],
                count[1],
                count[2],
                count[3],
                count[4],
                range.size() - taken,
                count[5]);
    }
}
