package org.anylease.server.core;

import java.time.Instant;
import org.anylease.store.address.Ipv4;
import org.anylease.store.command.RequestKind;

/** A REQUEST that is being committed. */
final class LeaseExchange extends Exchange {
    private final Ipv4 address;
    private final RequestKind kind;
    private final boolean newcomer;

    LeaseExchange(Inquiry first, Ipv4 address, RequestKind kind, boolean newcomer, Instant began) {
        super(ExchangeKey.of(first, ExchangeKey.Purpose.LEASE), first, began);
        this.address = address;
        this.kind = kind;
        this.newcomer = newcomer;
    }

    /** The address asked for. */
    Ipv4 address() {
        return address;
    }

    RequestKind kind() {
        return kind;
    }

    /** Whether the client takes an address that it did not hold. */
    boolean isNewcomer() {
        return newcomer;
    }
}
