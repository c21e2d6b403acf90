package org.anylease.server.core;

import java.time.Instant;
import org.anylease.store.address.Ipv4;
import org.anylease.store.command.RequestKind;

/** A REQUEST that is being committed. */
final class LeaseExchange extends Exchange {
    private final Ipv4 address;
    private final RequestKind kind;

    LeaseExchange(Inquiry first, Ipv4 address, RequestKind kind, Instant began) {
        super(ExchangeKey.of(first, ExchangeKey.Purpose.LEASE), first, began);
        this.address = address;
        this.kind = kind;
    }

    /** The address asked for. */
    Ipv4 address() {
        return address;
    }

    RequestKind kind() {
        return kind;
    }
}
