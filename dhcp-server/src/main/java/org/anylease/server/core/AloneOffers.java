package org.anylease.server.core;

import it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.anylease.store.address.Ipv4;
import org.jspecify.annotations.Nullable;

/**
 * What was offered without a commit: a client that asks again is offered the same, and nobody else is. In memory only,
 * as an offer promises nothing; bounded by number, oldest first, and by time.
 */
final class AloneOffers {
    /** How many are remembered. */
    static final int OFFERS_MAX = 65_536;

    private final LinkedHashMap<ExchangeKey, Offered> byClient = new LinkedHashMap<>();
    private final Int2ObjectOpenHashMap<ExchangeKey> byAddress = new Int2ObjectOpenHashMap<>();

    private record Offered(Ipv4 address, Instant until) {}

    void remember(ExchangeKey client, Ipv4 address, Instant until) {
        forget(client);
        if (byClient.size() >= OFFERS_MAX) {
            forget(byClient.firstEntry().getKey());
        }
        byClient.put(client, new Offered(address, until));
        byAddress.put(address.bits(), client);
    }

    /** What a client was offered, if that still counts. */
    @Nullable
    Ipv4 find(ExchangeKey client, Instant now) {
        Offered offered = byClient.get(client);
        return offered != null && now.isBefore(offered.until) ? offered.address : null;
    }

    boolean isOfferedToAnother(Ipv4 address, ExchangeKey client, Instant now) {
        ExchangeKey holder = byAddress.get(address.bits());
        return holder != null && !holder.equals(client) && address.equals(find(holder, now));
    }

    void forget(ExchangeKey client) {
        Offered offered = byClient.remove(client);
        if (offered != null) {
            byAddress.remove(offered.address.bits(), client);
        }
    }

    void forgetPast(Instant now) {
        for (Map.Entry<ExchangeKey, Offered> first = byClient.firstEntry();
                first != null && !now.isBefore(first.getValue().until);
                first = byClient.firstEntry()) {
            forget(first.getKey());
        }
    }
}
