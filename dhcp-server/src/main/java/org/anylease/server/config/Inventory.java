package org.anylease.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.anylease.store.address.AddressRange;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Prefix;

/** What must be unique or apart over the whole file, gathered while it is read. Used by one thread. */
final class Inventory {
    private final List<Placed<Prefix>> subnets = new ArrayList<>();
    private final List<Placed<AddressRange>> givenOut = new ArrayList<>();
    private final NavigableMap<Ipv4, String> ours = new TreeMap<>();
    private final Map<String, Cursor> networks = new TreeMap<>();

    void addSubnet(Prefix prefix, Cursor at) {
        subnets.add(new Placed<>(prefix, at));
    }

    /** Addresses that clients may get: a pool or a reservation. */
    void addPool(AddressRange range, Cursor at) {
        givenOut.add(new Placed<>(range, at));
    }

    /** An address that belongs to the cluster itself; each belongs to one owner only. */
    void addOurs(Ipv4 address, String owner, Cursor at) {
        String other = ours.putIfAbsent(address, owner);
        if (other != null) {
            at.error(address + " is " + other + " already", "an address of its own");
        }
    }

    void addNetwork(String name, Cursor at) {
        Cursor other = networks.putIfAbsent(name, at);
        if (other != null) {
            at.error(
                    "network '" + name + "' stands on line " + other.at().line() + " already",
                    "a name unique in the cluster");
        }
    }

    void check() {
        Placed.reportOverlaps(subnets, "subnet", prefix -> new AddressRange(prefix.network(), prefix.last()));
        for (Placed<AddressRange> range : givenOut) {
            Map.Entry<Ipv4, String> first = ours.ceilingEntry(range.value().first());
            if (first != null && range.value().contains(first.getKey())) {
                range.at().error("clients could get " + first.getKey() + " here, which is " + first.getValue(), "");
            }
        }
    }
}
