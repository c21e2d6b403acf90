package org.anylease.server.core;

import java.time.Instant;

/** A RELEASE, a DECLINE, or the end of an offer that the client did not take: committed, and answered by nothing. */
final class PartingExchange extends Exchange {
    PartingExchange(Inquiry first, Instant began) {
        super(ExchangeKey.of(first, ExchangeKey.Purpose.PARTING), first, began);
    }
}
