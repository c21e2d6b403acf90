package org.anylease.store.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a client is served, at one level of the configuration; null inherits.
 *
 * @param served whether it is given addresses at all
 * @param broadcast whether every reply on its link is broadcast, whatever it asks for
 * @param ownRouter whether it is told its own address as its router, for links with proxy ARP
 * @param declines whether an address that it declines is put into quarantine
 * @param offerAfter it is offered an address only once it says to have waited this long (field secs)
 * @param bootp which clients are answered that speak BOOTP
 */
public record ServingRules(
        @Nullable Boolean served,
        @Nullable Boolean broadcast,
        @Nullable Boolean ownRouter,
        @Nullable Boolean declines,
        @Nullable Duration offerAfter,
        @Nullable Bootp bootp) {
    /** Everything is inherited. */
    public static final ServingRules NONE = new ServingRules(null, null, null, null, null, null);

    /** The longest wait that can be asked for: field secs has 16 bits. */
    public static final Duration OFFER_AFTER_MAX = Duration.ofSeconds(0xffff);

    /** Which clients are answered that speak BOOTP (RFC 951). */
    public enum Bootp {
        /** None. */
        NONE,
        /** Those with a reservation. */
        RESERVED,
        /** Those with a reservation, and all others out of the pools for which this is said. */
        ALL
    }

    /** Checks the wait. */
    public ServingRules {
        if (offerAfter != null && (offerAfter.isNegative() || offerAfter.compareTo(OFFER_AFTER_MAX) > 0)) {
            throw new IllegalArgumentException("a wait of " + offerAfter + " is not between 0 and " + OFFER_AFTER_MAX);
        }
    }

    /**
     * These rules with another level's where these say nothing.
     *
     * @param outer the level around this one
     * @return the rules in force
     */
    public ServingRules over(ServingRules outer) {
        return new ServingRules(
                served != null ? served : outer.served,
                broadcast != null ? broadcast : outer.broadcast,
                ownRouter != null ? ownRouter : outer.ownRouter,
                declines != null ? declines : outer.declines,
                offerAfter != null ? offerAfter : outer.offerAfter,
                bootp != null ? bootp : outer.bootp);
    }

    /**
     * Whether clients that speak BOOTP get addresses of a pool.
     *
     * @return true when the rules in force say so of all of them
     */
    public boolean pooledBootp() {
        return bootp == Bootp.ALL;
    }
}
