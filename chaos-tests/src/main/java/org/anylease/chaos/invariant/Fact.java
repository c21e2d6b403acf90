package org.anylease.chaos.invariant;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.ClientId;
import org.anylease.store.state.LeaseDigest;
import org.jspecify.annotations.Nullable;

/** Something that happened in the simulated world, as one who sees everything would tell it. */
public sealed interface Fact {
    /**
     * An entry was committed. What it did is what a witness says: a copy that is never cut off and never crashes.
     *
     * @param cell the cell
     * @param index where in the log
     * @param time the cell's time after it
     * @param digest of the state after it
     * @param moves the bindings that it changed
     * @param binds the leases that it committed
     */
    record Committed(CellId cell, LogIndex index, Instant time, LeaseDigest digest, List<Move> moves, List<Bind> binds)
            implements Fact {}

    /**
     * A binding that an entry changed.
     *
     * @param before as it was, or null for an address never used
     * @param after as it is
     */
    record Move(@Nullable Binding before, Binding after) {}

    /**
     * A lease that an entry committed.
     *
     * @param client the holder
     * @param address the address
     * @param expiry until when, in cell time
     */
    record Bind(ClientId client, Ipv4 address, Instant expiry) {}

    /**
     * A server's copy is at an index: it applied an entry, or was restored.
     *
     * @param server the server
     * @param cell the cell
     * @param index the last entry in it
     * @param digest of its state
     */
    record CopyAt(ServerId server, CellId cell, LogIndex index, LeaseDigest digest) implements Fact {}

    /**
     * A server heard a request, well formed.
     *
     * @param server the server
     * @param packet as it arrived there
     */
    record RequestHeard(ServerId server, Packet packet) implements Fact {}

    /**
     * A server sent a reply.
     *
     * @param server the server
     * @param packet as the network decodes it
     */
    record ReplySent(ServerId server, Packet packet) implements Fact {}

    /**
     * A server sent an ACK of a lease.
     *
     * @param server the server
     * @param client the client
     * @param address the address
     * @param requested when the client first sent the request that it answers, in real time
     * @param lease how long from then
     */
    record AckSent(ServerId server, ClientId client, Ipv4 address, Instant requested, Duration lease) implements Fact {}

    /**
     * A client took an ACK and uses the address from now on.
     *
     * @param client the client
     * @param address the address
     * @param until until when it may, in real time
     */
    record LeaseTaken(ClientId client, Ipv4 address, Instant until) implements Fact {}

    /**
     * A client stopped using an address before its lease ran out: RELEASE, DECLINE or a NAK.
     *
     * @param client the client
     * @param address the address
     */
    record LeaseGivenUp(ClientId client, Ipv4 address) implements Fact {}
}
