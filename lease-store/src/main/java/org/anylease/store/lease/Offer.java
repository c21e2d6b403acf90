package org.anylease.store.lease;

import java.time.Instant;
import org.anylease.store.cell.ServerId;

/**
 * A note on a binding: the address is held for a client that was offered it. It changes neither the binding's
 * state nor its client, expiry or index, and is void past its end.
 *
 * @param client to whom the address was offered
 * @param until in cell time, when the note is void
 * @param server the server that offered it
 */
public record Offer(LeaseClient client, Instant until, ServerId server) {
    /** Cuts the time to whole milliseconds, and checks it. */
    public Offer {
        until = Binding.checked(until);
    }
}
