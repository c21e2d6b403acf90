package org.anylease.store.allocation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.anylease.store.address.AddressRange;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Prefix;
import org.anylease.store.address.RangeIndex;
import org.anylease.store.config.LeaseTimes;
import org.anylease.store.config.Pool;
import org.anylease.store.config.PoolAccess;
import org.anylease.store.config.Reservation;
import org.anylease.store.config.SharedNetwork;
import org.anylease.store.config.Subnet;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;

/**
 * One network's configuration, arranged for looking up addresses and clients.
 *
 * <p>A pool never gives out what its subnet calls itself: the network address and the broadcast address of a prefix
 * up to /30 (RFC 919 §7; a /31 has neither, RFC 3021), even where the configured range covers them. Nor does it give
 * out an address with a reservation.
 */
public final class NetworkPlan {
    /** A prefix that has a network and a broadcast address is no longer than this. */
    private static final int BROADCAST_PREFIX_MAX = 30;

    private final SharedNetwork network;
    private final List<PoolPlan> pools = new ArrayList<>();
    private final RangeIndex<PoolPlan> poolsByAddress;
    private final RangeIndex<Subnet> subnetsByAddress;
    private final TreeMap<Ipv4, Reservation> reservations = new TreeMap<>();
    private final TreeMap<ClientId, List<Reservation>> byClient = new TreeMap<>();
    private final TreeSet<Ipv4> ownNames = new TreeSet<>();
    private final ClassPlan classes;
    /** The pools by who may have their addresses; a group comes where its first pool stands. */
    private final List<PoolGroup> groups = new ArrayList<>();

    private final long[] dynamicCounts;
    /** Whether no pool lists whom it is for. */
    private final boolean open;

    /** A pool, the subnet that it is in, and the group that it belongs to. */
    record PoolPlan(AddressRange range, Pool pool, Subnet subnet, int group) {}

    /** Pools whose addresses the same clients may have, in configured order. */
    private record PoolGroup(PoolAccess access, List<PoolPlan> pools) {}

    NetworkPlan(SharedNetwork network, ClassPlan classes) {
        this.network = network;
        this.classes = classes;
        for (Subnet subnet : network.subnets()) {
            Prefix prefix = subnet.prefix();
            if (prefix.length() <= BROADCAST_PREFIX_MAX) {
                ownNames.add(prefix.network());
                ownNames.add(prefix.last());
            }
            for (Pool pool : subnet.pools()) {
                PoolGroup group = group(pool.access());
                PoolPlan plan = new PoolPlan(pool.range(), pool, subnet, groups.indexOf(group));
                pools.add(plan);
                group.pools.add(plan);
            }
            for (Reservation reservation : subnet.reservations()) {
                if (reservations.putIfAbsent(reservation.address(), reservation) == null) {
                    byClient.computeIfAbsent(reservation.key(), _ -> new ArrayList<>())
                            .add(reservation);
                }
            }
        }
        poolsByAddress = new RangeIndex<>(pools, PoolPlan::range);
        subnetsByAddress =
                new RangeIndex<>(network.subnets(), subnet -> subnet.prefix().range());
        if (groups.isEmpty()) {
            groups.add(new PoolGroup(PoolAccess.OPEN, List.of()));
        }
        dynamicCounts = countDynamic();
        open = groups.stream()
                .allMatch(group ->
                        group.access.allow().isEmpty() && group.access.deny().isEmpty());
    }

    private PoolGroup group(PoolAccess access) {
        for (PoolGroup group : groups) {
            if (group.access.equals(access)) {
                return group;
            }
        }
        PoolGroup added = new PoolGroup(access, new ArrayList<>());
        groups.add(added);
        return added;
    }

    private long[] countDynamic() {
        long[] counts = new long[groups.size()];
        for (PoolPlan pool : pools) {
            counts[pool.group] += pool.range.size();
        }
        TreeSet<Ipv4> excepted = new TreeSet<>(reservations.keySet());
        excepted.addAll(ownNames);
        for (Ipv4 address : excepted) {
            PoolPlan pool = poolsByAddress.get(address);
            if (pool != null) {
                counts[pool.group]--;
            }
        }
        return counts;
    }

    /**
     * How many groups of pools there are: pools of one group may be used by the same clients.
     *
     * @return at least 1
     */
    public int groupCount() {
        return groups.size();
    }

    /**
     * The group of pools that an address lies in.
     *
     * @param address any address
     * @return from 0; -1 when it lies in no pool
     */
    public int groupOf(Ipv4 address) {
        PoolPlan pool = poolsByAddress.get(address);
        return pool == null ? -1 : pool.group;
    }

    /**
     * Whether a client may have the dynamic addresses of a group of pools.
     *
     * @param group the group
     * @param client a client
     * @return true when it may
     */
    public boolean permits(int group, LeaseClient client) {
        PoolAccess access = groups.get(group).access;
        return (access.bootp() || !client.speaksBootp()) && (open || classes.permits(access, client));
    }

    /**
     * Whether a client may have a dynamic address.
     *
     * @param address an address of a pool
     * @param client a client
     * @return true when it may
     */
    public boolean permits(Ipv4 address, LeaseClient client) {
        if (open && !client.speaksBootp()) {
            return true;
        }
        int group = groupOf(address);
        return group >= 0 && permits(group, client);
    }

    /**
     * How many addresses a group of pools has for clients without a reservation.
     *
     * @param group the group
     * @return the number of those that {@link #isDynamic}
     */
    public long dynamicCount(int group) {
        return dynamicCounts[group];
    }

    /**
     * How many addresses the network has for clients without a reservation.
     *
     * @return the number of those that {@link #isDynamic}
     */
    public long dynamicCount() {
        return Arrays.stream(dynamicCounts).sum();
    }

    /**
     * The network as configured.
     *
     * @return the network
     */
    public SharedNetwork network() {
        return network;
    }

    List<PoolPlan> pools(int group) {
        return groups.get(group).pools;
    }

    /**
     * The ranges of the pools.
     *
     * @return in configured order, which is that of preference
     */
    public List<AddressRange> ranges() {
        return pools.stream().map(PoolPlan::range).toList();
    }

    /**
     * The addresses kept for clients.
     *
     * @return by address
     */
    SortedMap<Ipv4, Reservation> reservations() {
        return reservations;
    }

    /**
     * Which addresses are kept for clients.
     *
     * @return in order
     */
    public Set<Ipv4> reservedAddresses() {
        return Collections.unmodifiableSet(reservations.keySet());
    }

    /**
     * Whether an address lies in one of the network's subnets.
     *
     * @param address any address
     * @return true when it does
     */
    public boolean contains(Ipv4 address) {
        return subnetsByAddress.get(address) != null;
    }

    /**
     * Whether an address is given to clients without a reservation.
     *
     * @param address any address
     * @return true when it lies in a pool, is not kept for a client, and is no network or broadcast address
     */
    public boolean isDynamic(Ipv4 address) {
        return poolsByAddress.get(address) != null && !reservations.containsKey(address) && !ownNames.contains(address);
    }

    /**
     * The reservation of an address.
     *
     * @param address any address
     * @return its reservation, or null
     */
    public @Nullable Reservation reservationAt(Ipv4 address) {
        return reservations.get(address);
    }

    /**
     * The reservations by one key.
     *
     * @param key a hardware type and address, or a client identifier
     * @return as configured
     */
    public List<Reservation> reservationsOf(ClientId key) {
        return Collections.unmodifiableList(byClient.getOrDefault(key, List.of()));
    }

    /**
     * Whether an address is what a subnet calls itself.
     *
     * @param address any address
     * @return true for the network address and the broadcast address of a prefix up to /30
     */
    public boolean isOwnName(Ipv4 address) {
        return ownNames.contains(address);
    }

    /**
     * The reservations of a client, one by its identifier before those by its hardware address.
     *
     * @param client a client
     * @return in order of preference
     */
    public List<Reservation> reservationsFor(LeaseClient client) {
        List<Reservation> byIdentifier = byClient.getOrDefault(client.id(), List.of());
        if (client.id().kind() == ClientId.Kind.HARDWARE && client.id().value().equals(client.hardware())) {
            return byIdentifier;
        }
        List<Reservation> matching = new ArrayList<>();
        for (Reservation reservation : byIdentifier) {
            if (reservation.isFor(client)) {
                matching.add(reservation);
            }
        }
        if (!client.hardware().isEmpty()) {
            ClientId hardware = new ClientId(ClientId.Kind.HARDWARE, client.hardware());
            matching.addAll(byClient.getOrDefault(hardware, List.of()));
        }
        return matching;
    }

    /**
     * How long a lease is, as the innermost level says: the reservation, a class of the client's, the pool or the subnet.
     *
     * @param address an address of the network
     * @param client whose lease it is
     * @param wanted what the client asks for, or null
     * @param longest the cell's longest lease
     * @return whole seconds; {@link LeaseTimes#INFINITE} is a lease without end (RFC 2131 §3.3)
     */
    public Duration leaseTime(Ipv4 address, LeaseClient client, @Nullable Duration wanted, Duration longest) {
        LeaseTimes times = leaseTimes(address, client);
        if (client.speaksBootp()) {
            // It cannot ask, and hears of no time.
            Duration bootp = bootpLease(address, times);
            return bootp.compareTo(longest) > 0 ? longest : bootp;
        }
        Duration asked = wanted == null ? times.standard() : wanted;
        Duration time = asked.compareTo(times.minimum()) < 0 ? times.minimum() : asked;
        time = time.compareTo(times.maximum()) > 0 ? times.maximum() : time;
        time = time.compareTo(longest) > 0 ? longest : time;
        return Duration.ofSeconds(time.toSeconds());
    }

    private Duration bootpLease(Ipv4 address, LeaseTimes times) {
        PoolPlan pool = poolsByAddress.get(address);
        return pool == null || reservations.containsKey(address) ? times.maximum() : pool.pool.bootpLease();
    }

    /**
     * The shortest time of a lease.
     *
     * @param address an address of the network
     * @param client whose lease it is
     * @return whole seconds
     */
    public Duration shortestLease(Ipv4 address, LeaseClient client) {
        return leaseTimes(address, client).minimum();
    }

    /**
     * How much of a group of pools is in use when leases become short.
     *
     * @param address any address
     * @return in percent; 0 when the address's leases never become short, as those of reserved ones
     */
    public int shortAbove(Ipv4 address) {
        PoolPlan pool = poolsByAddress.get(address);
        return pool == null || reservations.containsKey(address) ? 0 : pool.pool.shortAbove();
    }

    private LeaseTimes leaseTimes(Ipv4 address, LeaseClient client) {
        Reservation reservation = reservations.get(address);
        if (reservation != null) {
            LeaseTimes times = reservation.leaseTimes();
            return reservation.ownTimes() ? times : classes.times(client, times);
        }
        return classes.times(client, leaseTimes(address));
    }

    private LeaseTimes leaseTimes(Ipv4 address) {
        PoolPlan pool = poolsByAddress.get(address);
        if (pool != null) {
            return pool.pool.leaseTimes();
        }
        Subnet subnet = subnetsByAddress.get(address);
        if (subnet == null) {
            throw new IllegalStateException(address + " is in no subnet of network " + network.name());
        }
        return subnet.leaseTimes();
    }

    /**
     * Whether another plan has the same pools for the same clients in the same order, whatever it reserves in them.
     *
     * @param other another plan
     * @return true when an {@link IdleQueue} of one serves the other
     */
    boolean pooledLike(NetworkPlan other) {
        if (pools.size() != other.pools.size() || !ownNames.equals(other.ownNames)) {
            return false;
        }
        for (int i = 0; i < pools.size(); i++) {
            Pool pool = pools.get(i).pool;
            Pool with = other.pools.get(i).pool;
            if (!pool.range().equals(with.range()) || !pool.access().equals(with.access())) {
                return false;
            }
        }
        return true;
    }
}
