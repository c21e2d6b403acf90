package org.anylease.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.anylease.store.address.Ipv4;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.LeaseTimes;
import org.anylease.store.config.Pool;
import org.anylease.store.config.ReplySettings;
import org.anylease.store.config.Reservation;
import org.anylease.store.config.SharedNetwork;
import org.anylease.store.config.Subnet;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;

/** For how many active leases a configuration changes something, and what. */
final class ConfigImpact {
    /** What the configuration says of one address and its client. */
    private record Terms(String network, ReplySettings settings, LeaseTimes times, boolean leasable) {}

    private record Place(CellConfig cell, SharedNetwork network, Subnet subnet) {}

    private final NavigableMap<Ipv4, Place> before;
    private final NavigableMap<Ipv4, Place> after;
    private final ActiveAddresses addresses = new ActiveAddresses();
    private long active;
    private long unserved;
    private long retimed;
    private long resettled;

    ConfigImpact(List<CellConfig> before, List<CellConfig> after) {
        this.before = places(before);
        this.after = places(after);
    }

    private static NavigableMap<Ipv4, Place> places(List<CellConfig> cells) {
        TreeMap<Ipv4, Place> places = new TreeMap<>();
        for (CellConfig cell : cells) {
            for (SharedNetwork network : cell.networks()) {
                for (Subnet subnet : network.subnets()) {
                    places.put(subnet.prefix().network(), new Place(cell, network, subnet));
                }
            }
        }
        return places;
    }

    /** Counts the leases of all cells that can be read. */
    void count(LeaseScan leases) {
        for (LeaseScan.Found found = leases.next(); found != null; found = leases.next()) {
            count(found.binding());
            addresses.add(found.binding().address());
        }
    }

    private void count(Binding binding) {
        LeaseClient client = binding.client();
        if (binding.state() != BindingState.ACTIVE || client == null) {
            return;
        }
        active++;
        Terms was = terms(before, binding.address(), client);
        Terms will = terms(after, binding.address(), client);
        if (will == null || !will.leasable) {
            unserved += was != null && was.leasable ? 1 : 0;
            return;
        }
        if (was != null && !was.times.equals(will.times)) {
            retimed++;
        }
        if (was != null && !was.settings.equals(will.settings)) {
            resettled++;
        }
    }

    private static @Nullable Terms terms(NavigableMap<Ipv4, Place> places, Ipv4 address, LeaseClient client) {
        var entry = places.floorEntry(address);
        if (entry == null || !entry.getValue().subnet.prefix().contains(address)) {
            return null;
        }
        Place place = entry.getValue();
        Subnet subnet = place.subnet;
        ReplySettings outer = subnet.settings().over(place.network.settings().over(place.cell.settings()));
        for (Reservation reservation : subnet.reservations()) {
            if (reservation.address().equals(address)) {
                return new Terms(
                        place.network.name(),
                        reservation.settings().over(outer),
                        reservation.leaseTimes(),
                        reservation.isFor(client));
            }
        }
        for (Pool pool : subnet.pools()) {
            if (pool.range().contains(address)) {
                return new Terms(place.network.name(), pool.settings().over(outer), pool.leaseTimes(), true);
            }
        }
        return new Terms(place.network.name(), outer, subnet.leaseTimes(), false);
    }

    ActiveAddresses addresses() {
        return addresses;
    }

    ObjectNode toJson() {
        ObjectNode node = Json.object();
        node.put("active", active);
        node.put("noLongerServed", unserved);
        node.put("otherLeaseTime", retimed);
        node.put("otherOptions", resettled);
        return node;
    }
}
