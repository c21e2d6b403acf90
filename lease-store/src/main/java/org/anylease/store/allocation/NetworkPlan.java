package org.anylease.store.allocation;

import java.time.Duration;
import java.util.ArrayList;
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
    private final long dynamicCount;

    /** A pool and the subnet that it is in. */
    record PoolPlan(AddressRange range, Pool pool, Subnet subnet) {}

    NetworkPlan(SharedNetwork network) {
        this.network = network;
        for (Subnet subnet : network.subnets()) {
            Prefix prefix = subnet.prefix();
            if (prefix.length() <= BROADCAST_PREFIX_MAX) {
                ownNames.add(prefix.network());
                ownNames.add(prefix.last());
            }
            for (Pool pool : subnet.pools()) {
                pools.add(new PoolPlan(pool.range(), pool, subnet));
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
        dynamicCount = countDynamic();
    }

    private long countDynamic() {
        long count = 0;
        for (PoolPlan pool : pools) {
            count += pool.range.size();
        }
        TreeSet<Ipv4> excepted = new TreeSet<>(reservations.keySet());
        excepted.addAll(ownNames);
        for (Ipv4 address : excepted) {
            count -= poolsByAddress.get(address) == null ? 0 : 1;
        }
        return count;
    }

    /**
     * How many addresses the network has for clients without a reservation.
     *
     * @return the number of those that {@link #isDynamic}
     */
    public long dynamicCount() {
        return dynamicCount;
    }

    /**
     * The network as configured.
     *
     * @return the network
     */
    public SharedNetwork network() {
        return network;
    }

    List<PoolPlan> pools() {
        return pools;
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
     * How long a lease is, as the innermost level says that knows the address: reservation, pool or subnet.
     *
     * @param address an address of the network
     * @param wanted what the client asks for, or null
     * @param longest the cell's longest lease
     * @return whole seconds; {@link LeaseTimes#INFINITE} is a lease without end (RFC 2131 §3.3)
     */
    public Duration leaseTime(Ipv4 address, @Nullable Duration wanted, Duration longest) {
        LeaseTimes times = leaseTimes(address);
        Duration asked = wanted == null ? times.standard() : wanted;
        Duration time = asked.compareTo(times.minimum()) < 0 ? times.minimum() : asked;
        time = time.compareTo(times.maximum()) > 0 ? times.maximum() : time;
        time = time.compareTo(longest) > 0 ? longest : time;
        return Duration.ofSeconds(time.toSeconds());
    }

    private LeaseTimes leaseTimes(Ipv4 address) {
        Reservation reservation = reservations.get(address);
        if (reservation != null) {
            return reservation.leaseTimes();
        }
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
     * Whether another plan has the same pools in the same order, whatever it reserves in them.
     *
     * @param other another plan
     * @return true when an {@link IdleQueue} of one serves the other
     */
    boolean pooledLike(NetworkPlan other) {
        if (pools.size() != other.pools.size() || !ownNames.equals(other.ownNames)) {
            return false;
        }
        for (int i = 0; i < pools.size(); i++) {
            if (!pools.get(i).range.equals(other.pools.get(i).range)) {
                return false;
            }
        }
        return true;
    }
}
