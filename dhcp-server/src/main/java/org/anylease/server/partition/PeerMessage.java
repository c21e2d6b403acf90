package org.anylease.server.partition;

import java.time.Duration;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;

/**
 * What one server of a cell says to another. Any of it may be lost, late, doubled or out of order: whoever needs an
 * answer asks again.
 */
public sealed interface PeerMessage {
    /**
     * The leader needs a report: something waits for it.
     *
     * @param since a report of this entry or of a later one is of use
     */
    record ReportWanted(LogIndex since) implements PeerMessage {}

    /**
     * A report: the sender has applied the log up to this entry, and all it promised on older states is committed. It
     * is durable that the sender said so.
     *
     * @param index the entry
     */
    record Report(LogIndex index) implements PeerMessage {}

    /**
     * A client's REQUEST for an address in the receiver's escrow, which it alone may promise.
     *
     * @param id the sender's number for it, which comes back with the answer
     * @param client the client
     * @param network the shared network it is on
     * @param address the address
     * @param wantedTime the lease time it asks for (option 51), or null
     */
    record ForwardedRequest(
            long id,
            LeaseClient client,
            String network,
            Ipv4 address,
            @Nullable Duration wantedTime) implements PeerMessage {}

    /**
     * What became of a forwarded REQUEST.
     *
     * @param id of {@link ForwardedRequest}
     * @param leaseTime what the sender has durably promised the client from the moment it answered, at least one
     *     second; null when it promised nothing
     */
    record ForwardedAnswer(long id, @Nullable Duration leaseTime) implements PeerMessage {}
}
