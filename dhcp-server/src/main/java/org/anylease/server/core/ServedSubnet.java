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
import org.anylease.store.config.LeaseTimes;
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
    private final Level level;

    private final RangeIndex<PoolTerms> pools;
    private final Int2ObjectOpenHashMap<Kept> reservations = new Int2ObjectOpenHashMap<>();

    /** A pool's addresses and their terms. */
    private record PoolTerms(AddressRange range, Level level) {}

    /** A reservation and the terms of its client. */
    private record Kept(Reservation reservation, Level level) {}

    /** The terms of some addresses, for clients of no class and for those of any that were asked for. */
    private static final class Level {
        /** So many combinations of classes are worked out beforehand for each level. */
        private static final int OVERLAID_MAX = 64;

        private final Prefix prefix;
        private final Terms terms;
        /** What classes go before, and what goes before them. */
        private final ReplySettings outer;

        private final ReplySettings inner;
        private final boolean ownTimes;
        private final Int2ObjectOpenHashMap<Terms> overlaid = new Int2ObjectOpenHashMap<>(0);

        Level(Prefix prefix, Terms terms, ReplySettings outer, ReplySettings inner, boolean ownTimes) {
            this.prefix = prefix;
            this.terms = terms;
            this.outer = outer;
            this.inner = inner;
            this.ownTimes = ownTimes;
        }

        Terms with(Overlay overlay) {
            if (overlay.isNothing()) {
                return terms;
            }
            Terms known = overlaid.get(overlay.number());
            if (known == null) {
                known = merged(overlay);
                if (overlay.number() != Overlay.UNNUMBERED && overlaid.size() < OVERLAID_MAX) {
                    overlaid.put(overlay.number(), known);
                }
            }
            return known;
        }

        private Terms merged(Overlay overlay) {
            ReplySettings settings = inner.over(overlay.settings()).over(outer);
            LeaseTimes times = ownTimes ? terms.times() : overlay.times().over(terms.times());
            return new Terms(new ReplyTemplate(settings, prefix), times);
        }
    }

    /**
     * A subnet under its network's settings.
     *
     * @param settings those of the network, merged over the cell's
     */
    ServedSubnet(ServedNetwork network, Subnet subnet, ReplySettings settings) {
        this.network = network;
        prefix = subnet.prefix();
        ReplySettings own = subnet.settings().over(settings);
        Terms terms = new Terms(new ReplyTemplate(own, prefix), subnet.leaseTimes());
        level = new Level(prefix, terms, own, ReplySettings.NONE, false);
        List<PoolTerms> all = new ArrayList<>();
        for (Pool pool : subnet.pools()) {
            Terms pooled = new Terms(template(pool.settings(), own), pool.leaseTimes());
            ReplySettings merged = pool.settings().over(own);
            all.add(new PoolTerms(pool.range(), new Level(prefix, pooled, merged, ReplySettings.NONE, false)));
        }
        pools = new RangeIndex<>(all, PoolTerms::range);
        for (Reservation reservation : subnet.reservations()) {
            ReplySettings named = named(reservation);
            Terms kept = new Terms(template(named, own), reservation.leaseTimes());
            reservations.put(
                    reservation.address().bits(),
                    new Kept(reservation, new Level(prefix, kept, own, named, reservation.ownTimes())));
        }
    }

    /** Shares the subnet's template with all levels that add nothing. */
    private ReplyTemplate template(ReplySettings inner, ReplySettings outer) {
        return inner.equals(ReplySettings.NONE) ? level.terms.template() : new ReplyTemplate(inner.over(outer), prefix);
    }

    /** A reservation's settings with its host name as option 12 (RFC 2132 §3.14). */
    private static ReplySettings named(Reservation reservation) {
        ReplySettings settings = reservation.settings();
        String hostname = reservation.hostname();
        if (hostname == null || hostname.isEmpty()) {
            return settings;
        }
        TreeMap<Integer, Octets> options = new TreeMap<>();
        options.put(OptionCode.HOSTNAME, Texts.octets(hostname));
        return new ReplySettings(options, null, null, null).over(settings);
    }

    ServedNetwork network() {
        return network;
    }

    Prefix prefix() {
        return prefix;
    }

    /** The host name of the reservation by which an address is kept for a client, or null. */
    @Nullable
    String reservedName(Ipv4 address, LeaseClient client) {
        Kept kept = reservations.get(address.bits());
        return kept != null && kept.reservation.isFor(client) ? kept.reservation.hostname() : null;
    }

    /** Whether an address is kept for a client by a reservation, with a host name or without one. */
    boolean isReserved(Ipv4 address, LeaseClient client) {
        Kept kept = reservations.get(address.bits());
        return kept != null && kept.reservation.isFor(client);
    }

    /** The terms of the subnet itself for a client, whatever address it would have. */
    Terms terms(Inquiry inquiry) {
        return level.with(inquiry.overlay());
    }

    /**
     * The terms on which a client has an address: its reservation's, else its classes', else the pool's, else the
     * subnet's.
     */
    Terms terms(Ipv4 address, Inquiry inquiry) {
        return terms(address, inquiry.client(), inquiry.overlay());
    }

    Terms terms(Ipv4 address, LeaseClient client, Overlay overlay) {
        Kept kept = reservations.get(address.bits());
        if (kept != null && kept.reservation.isFor(client)) {
            return kept.level.with(overlay);
        }
        PoolTerms pool = pools.get(address);
        return (pool == null ? level : pool.level).with(overlay);
    }
}
