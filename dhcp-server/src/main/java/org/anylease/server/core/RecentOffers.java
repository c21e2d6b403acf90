package org.anylease.server.core;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.anylease.store.address.Ipv4;
import org.anylease.store.command.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * What was offered a moment ago, so that a client that asks again soon costs neither a probe nor a write. Bounded by
 * number, oldest first, and by the time an offer is held. Forgetting costs a probe, nothing else.
 */
final class RecentOffers {
    /** How many are remembered. */
    static final int OFFERS_MAX = 65_536;

    private final LinkedHashMap<ExchangeKey, Recent> offers = new LinkedHashMap<>();
    private int plans;

    /**
     * An offer.
     *
     * @param offered what was committed
     * @param fresh until when it is repeated without a write
     * @param until until when the address counts as probed
     * @param plan by which it was made
     */
    record Recent(Outcome.Offered offered, Instant fresh, Instant until, int plan) {}

    /** Terms are others from now on: what was offered is not repeated, though its address still counts as probed. */
    void planChanged() {
        plans++;
    }

    /** Remembers an offer. One whose probe was spared is no later proof than the probe that spared it. */
    void remember(OfferExchange exchange, Outcome.Offered offered, Instant now) {
        Duration hold = exchange.network().cell().timers().offerHold();
        Recent earlier = offers.remove(exchange.key());
        if (offers.size() >= OFFERS_MAX) {
            offers.pollFirstEntry();
        }
        Instant until = now.plus(hold);
        if (earlier != null
                && exchange.probed() == OfferExchange.Probed.SPARED
                && earlier.offered.address().equals(offered.address())) {
            until = earlier.until;
        }
        offers.put(exchange.key(), new Recent(offered, now.plus(hold.dividedBy(2)), until, plans));
    }

    /** What this client was offered a moment ago, if it was this address. */
    @Nullable
    Recent find(ExchangeKey key, Ipv4 address, Instant now) {
        Recent recent = offers.get(key);
        if (recent == null || !recent.offered.address().equals(address) || !now.isBefore(recent.until)) {
            return null;
        }
        return recent.plan == plans ? recent : new Recent(recent.offered, now, recent.until, recent.plan);
    }

    /** The client took the offer: from now on its lease tells more. */
    void forget(ExchangeKey key) {
        offers.remove(key);
    }

    void forgetPast(Instant now) {
        for (Map.Entry<ExchangeKey, Recent> first = offers.firstEntry();
                first != null && !now.isBefore(first.getValue().until);
                first = offers.firstEntry()) {
            offers.pollFirstEntry();
        }
    }
}
