package org.anylease.server.core;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.anylease.server.event.PacketOutcome;

/**
 * A client's question that is being answered: what is awaited for it, and the routes on which it was asked. Repeats
 * join it; every route is answered once, as its latest packet asks.
 */
abstract sealed class Exchange permits OfferExchange, LeaseExchange, PartingExchange {
    /** How many routes are answered: two relays on each of two paths. */
    static final int ROUTES_MAX = 4;

    private final ExchangeKey key;
    private final Instant began;
    private final ServedNetwork network;
    private final List<Inquiry> routes = new ArrayList<>(1);

    /** The proposal whose outcome counts; those of earlier ones are ignored. */
    private long proposal = Tokens.NONE;

    /** The probe whose result counts. */
    private long probe = Tokens.NONE;

    Exchange(ExchangeKey key, Inquiry first, Instant began) {
        this.key = key;
        this.began = began;
        network = first.network();
        routes.add(first);
    }

    ExchangeKey key() {
        return key;
    }

    Instant began() {
        return began;
    }

    ServedNetwork network() {
        return network;
    }

    /** The latest packet of every route. */
    List<Inquiry> routes() {
        return Collections.unmodifiableList(routes);
    }

    /** The client as its first packet showed it. */
    Inquiry first() {
        return routes.getFirst();
    }

    /**
     * Takes a repeat in: what it repeats is over with, and so is the repeat itself when it came over one route too many.
     *
     * @return false when it came over one route too many
     */
    boolean join(Inquiry repeat, Turn turn) {
        for (int i = 0; i < routes.size(); i++) {
            Inquiry known = routes.get(i);
            if (known.packet().giaddr().equals(repeat.packet().giaddr())
                    && known.arrival().endpoint() == repeat.arrival().endpoint()) {
                routes.set(i, repeat.repeating(known));
                repeat.story().joins(this);
                known.end(PacketOutcome.REPEATED, turn);
                return true;
            }
        }
        if (routes.size() >= ROUTES_MAX) {
            repeat.end(PacketOutcome.DROPPED, turn);
            return false;
        }
        repeat.story().joins(this);
        return routes.add(repeat);
    }

    /** The packets of all routes come to the same. */
    void end(PacketOutcome outcome, Turn turn) {
        for (Inquiry route : routes) {
            route.end(outcome, turn);
        }
    }

    /** The packets that have come to nothing yet come to this. */
    void endOpen(PacketOutcome outcome, Turn turn) {
        for (Inquiry route : routes) {
            route.story().endIfOpen(outcome, turn);
        }
    }

    long proposal() {
        return proposal;
    }

    void awaitProposal(long token) {
        proposal = token;
    }

    long probe() {
        return probe;
    }

    void awaitProbe(long token) {
        probe = token;
    }
}
