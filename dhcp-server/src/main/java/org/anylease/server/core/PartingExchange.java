package org.anylease.server.core;

import java.time.Instant;
import org.anylease.store.command.LeaseCommand;

/** A RELEASE, a DECLINE, or the end of an offer that the client did not take: committed, and answered by nothing. */
final class PartingExchange extends Exchange {
    private final LeaseCommand command;

    PartingExchange(Inquiry first, ExchangeKey.Purpose purpose, LeaseCommand command, Instant began) {
        super(ExchangeKey.of(first, purpose), first, began);
        this.command = command;
    }

    /** What is being committed. */
    LeaseCommand command() {
        return command;
    }
}
