package org.anylease.store.state;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.anylease.store.address.Ipv4;
import org.anylease.store.allocation.AddressPlan;
import org.anylease.store.allocation.NetworkPlan;
import org.anylease.store.codec.ByteReader;
import org.anylease.store.codec.ByteWriter;
import org.anylease.store.codec.ReservationCodec;
import org.anylease.store.codec.UnreadableException;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.Reservation;
import org.anylease.store.config.RuntimeReservation;
import org.anylease.store.config.SharedNetwork;
import org.anylease.store.config.Subnet;
import org.anylease.store.lease.ClientId;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that are kept at an operator's word, beside those of the configuration. They outlive it: one that the
 * configuration in force has no room for is not in force until another has.
 */
final class RuntimeReservations {
    private final MetaRecords meta;
    private final TreeMap<Ipv4, RuntimeReservation> reservations = new TreeMap<>();
    private final TreeMap<Ipv4, RuntimeReservation> inForce = new TreeMap<>();
    private final TreeMap<ClientId, TreeMap<Ipv4, RuntimeReservation>> byKey = new TreeMap<>();

    RuntimeReservations(MetaRecords meta) {
        this.meta = meta;
    }

    /** In order of address. */
    Collection<RuntimeReservation> all() {
        return reservations.values();
    }

    @Nullable
    RuntimeReservation at(Ipv4 address) {
        return reservations.get(address);
    }

    /** Those by one key, in order of address. */
    Collection<RuntimeReservation> of(ClientId key) {
        TreeMap<Ipv4, RuntimeReservation> own = byKey.get(key);
        return own == null ? List.of() : own.values();
    }

    int count() {
        return reservations.size();
    }

    void put(RuntimeReservation reservation) {
        index(reservation);
        ByteWriter out = new ByteWriter();
        ReservationCodec.encode(reservation, out);
        meta.put(StoredKeys.reservation(reservation.address()), out.toArray());
    }

    private void index(RuntimeReservation reservation) {
        forget(reservation.address());
        reservations.put(reservation.address(), reservation);
        byKey.computeIfAbsent(reservation.key(), _ -> new TreeMap<>()).put(reservation.address(), reservation);
    }

    private void forget(Ipv4 address) {
        RuntimeReservation before = reservations.remove(address);
        if (before != null) {
            TreeMap<Ipv4, RuntimeReservation> own = byKey.get(before.key());
            if (own != null && own.remove(address) != null && own.isEmpty()) {
                byKey.remove(before.key());
            }
        }
    }

    void remove(Ipv4 address) {
        forget(address);
        meta.remove(StoredKeys.reservation(address));
    }

    void restore(ByteReader in) throws UnreadableException {
        RuntimeReservation reservation = ReservationCodec.decode(in);
        in.end();
        index(reservation);
    }

    /** Whether a configuration leaves room for a reservation: its word goes before an operator's. */
    static boolean hasRoom(AddressPlan file, RuntimeReservation reservation) {
        NetworkPlan network = file.networkOf(reservation.address());
        return network != null
                && network.reservationAt(reservation.address()) == null
                && network.reservationsOf(reservation.key()).isEmpty();
    }

    List<ReservationStatus> statuses() {
        List<ReservationStatus> list = new ArrayList<>(reservations.size());
        for (RuntimeReservation reservation : reservations.values()) {
            list.add(new ReservationStatus(reservation, inForce.containsKey(reservation.address())));
        }
        return list;
    }

    /** Arranges a configuration with the reservations that it has room for, which are those in force from now on. */
    AddressPlan over(CellConfig file) {
        AddressPlan plan = new AddressPlan(file);
        inForce.clear();
        for (RuntimeReservation reservation : reservations.values()) {
            if (hasRoom(plan, reservation)) {
                inForce.put(reservation.address(), reservation);
            }
        }
        if (inForce.isEmpty()) {
            return plan;
        }
        List<SharedNetwork> networks = new ArrayList<>(file.networks().size());
        for (SharedNetwork network : file.networks()) {
            List<Subnet> subnets = new ArrayList<>(network.subnets().size());
            network.subnets().forEach(subnet -> subnets.add(with(subnet)));
            networks.add(
                    new SharedNetwork(network.name(), subnets, network.settings(), network.policy(), network.vpn()));
        }
        return new AddressPlan(file.with(networks));
    }

    private Subnet with(Subnet subnet) {
        Collection<RuntimeReservation> own = inForce.subMap(
                        subnet.prefix().network(), true, subnet.prefix().last(), true)
                .values();
        if (own.isEmpty()) {
            return subnet;
        }
        List<Reservation> all = new ArrayList<>(subnet.reservations());
        own.forEach(reservation -> all.add(reservation.in(subnet)));
        return new Subnet(subnet.prefix(), subnet.pools(), all, subnet.settings(), subnet.leaseTimes());
    }
}
