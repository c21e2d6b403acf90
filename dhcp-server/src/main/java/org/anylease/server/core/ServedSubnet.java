package org.anylease.server.core;

import it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.anylease.server.wire.OptionCode;
import org.anylease.store.address.AddressRange;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.address.Prefix;
import org.anylease.store.address.RangeIndex;
import org.anylease.store.config.Pool;
import org.anylease.store.config.ReplySettings;
import org.anylease.store.config.Reservation;
import org.anylease.store.config.Subnet;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;

/** A subnet with the terms of its addresses, all of them worked out beforehand. */
final class ServedSubnet {
    private final ServedNetwork network;
    private final Prefix prefix;
    private final Terms terms;

    private final RangeIndex<PoolTerms> pools;
    private final Int2ObjectOpenHashMap<Kept> reservations = new Int2ObjectOpenHashMap<>();

    /** A pool's addresses and their terms. */
    private record PoolTerms(AddressRange range, Terms terms) {}

    /** A reservation and the terms of its client. */
    private record Kept(Reservation reservation, Terms terms) {}

    /**
     * A subnet under its network's settings.
     *
     * @param settings those of the network, merged over the cell's
     */
    ServedSubnet(ServedNetwork network, Subnet subnet, ReplySettings settings) {
        this.network = network;
        prefix = subnet.prefix();
        ReplySettings own = subnet.settings().over(settings);
        terms = new Terms(new ReplyTemplate(own, prefix), subnet.leaseTimes());
        List<PoolTerms> all = new ArrayList<>();
        for (Pool pool : subnet.pools()) {
            all.add(new PoolTerms(pool.range(), new Terms(template(pool.settings(), own), pool.leaseTimes())));
        }
        pools = new RangeIndex<>(all, PoolTerms::range);
        for (Reservation reservation : subnet.reservations()) {
            Terms kept = new Terms(template(named(reservation), own), reservation.leaseTimes());
            reservations.put(reservation.address().bits(), new Kept(reservation, kept));
        }
    }

    /** Shares the subnet's template with all levels that add nothing. */
    private ReplyTemplate template(ReplySettings inner, ReplySettings outer) {
        return inner.equals(ReplySettings.NONE) ? terms.template() : new ReplyTemplate(inner.over(outer), prefix);
    }

    /** A reservation's settings with its host name as option 12 (RFC 2132 §3.14). */
    private static ReplySettings named(Reservation reservation) {
        ReplySettings settings = reservation.settings();
        String hostname = reservation.hostname();
        if (hostname == null || hostname.isEmpty()) {
            return settings;
        }
        TreeMap<Integer, Octets> options = new TreeMap<>(settings.options());
        options.put(OptionCode.HOSTNAME, Texts.octets(hostname));
        return new ReplySettings(options, settings.nextServer(), settings.serverName(), settings.bootFile());
    }

    ServedNetwork network() {
        return network;
    }

    Prefix prefix() {
        return prefix;
    }

    /** The terms of addresses that nobody leases, as for INFORM. */
    Terms terms() {
        return terms;
    }

    /** The host name of the reservation by which an address is kept for a client, or null. */
    @Nullable
    String reservedName(Ipv4 address, LeaseClient client) {
        Kept kept = reservations.get(address.bits());
        return kept != null && kept.reservation.isFor(client) ? kept.reservation.hostname() : null;
    }

    /** The terms on which a client has an address: its reservation's, else the pool's, else the subnet's. */
    Terms terms(Ipv4 address, LeaseClient client) {
        Kept kept = reservations.get(address.bits());
        if (kept != null && kept.reservation.isFor(client)) {
            return kept.terms;
        }
        PoolTerms pool = pools.get(address);
        return pool == null ? terms : pool.terms;
    }
}
