package org.anylease.server.core;

import java.time.Instant;
import org.anylease.store.command.LeaseCommand;

/** A RELEASE, a DECLINE, or the end of an offer that the client did not take: committed, and answered by nothing. */
final class PartingExchange extends Exchange {
    private final LeaseCommand command;
    private boolean told;

    PartingExchange(Inquiry first, ExchangeKey.Purpose purpose, LeaseCommand command, Instant began) {
        super(ExchangeKey.of(first, purpose), first, began);
        this.command = command;
    }

    /** Whether this is the first time that its end is told of. */
    boolean endsNow() {
        boolean first = !told;
        told = true;
        return first;
    }

    /** What is being committed. */
    LeaseCommand command() {
        return command;
    }
}
