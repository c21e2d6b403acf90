package org.anylease.chaos.invariant;

import java.time.Instant;

/**
 * I6 EventuallyServed: a client that can reach a server gets a lease while the rules allow one.
 *
 * <p>Judged at the end: faults are over, all is healed, and clients have had time for their retries. A client may be
 * without a lease only when the cell has no address that it would offer it.
 */
public final class I6EventuallyServed implements Invariant {
    /** Nobody waits. */
    public I6EventuallyServed() {}

    @Override
    public String name() {
        return "I6 EventuallyServed";
    }

    @Override
    public void on(Fact fact, Instant now) {
        // What counts is the end.
    }

    @Override
    public void atTheEnd(Ending ending) {
        for (Ending.ClientAtEnd client : ending.clients()) {
            if (!client.served() && client.available() != null) {
                throw new InvariantBroken(
                        name(),
                        client.name() + " (" + client.client() + ") has no lease long after all was healed, while "
                                + client.available() + " could be offered to it");
            }
        }
    }
}
