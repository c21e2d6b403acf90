package org.anylease.chaos.invariant;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.alone.JournalRecord.Promise;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome;
import org.anylease.store.command.PromiseRule;
import org.anylease.store.config.CellConfig;
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
     * @param binds the leases that it committed, those promised alone and merged included
     * @param carried its commands
     */
    record Committed(
            CellId cell,
            LogIndex index,
            Instant time,
            LeaseDigest digest,
            List<Move> moves,
            List<Bind> binds,
            List<Carried> carried)
            implements Fact {
        /** Copies the lists. */
        public Committed {
            moves = List.copyOf(moves);
            binds = List.copyOf(binds);
            carried = List.copyOf(carried);
        }
    }

    /**
     * A command of an entry.
     *
     * @param by who proposed it
     * @param command the command
     * @param outcome what became of it
     */
    record Carried(ServerId by, LeaseCommand command, Outcome outcome) {}

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
     * @param allowed by which rule it could answer now, reaching nobody, as one who knows its disk and its state sees
     *     it; null when there is none
     */
    record RequestHeard(
            ServerId server, Packet packet, @Nullable PromiseRule allowed) implements Fact {}

    /**
     * A server starts, or stops in the middle of whatever it does.
     *
     * @param server the server
     * @param up whether it starts
     */
    record ServerTurned(ServerId server, boolean up) implements Fact {}

    /**
     * A server is about to promise something alone: it hands the promise to its journal.
     *
     * @param server the server
     * @param cell the cell
     * @param promise the promise
     * @param view on what it rests
     */
    record PromisedAlone(ServerId server, CellId cell, Promise promise, View view) implements Fact {}

    /**
     * What a server knows of a cell.
     *
     * @param applied how far it has applied the log
     * @param binding of the address in question, in the state that it has applied
     * @param config in that state
     * @param declaredDown whether that state says that it is off
     * @param clock its clock
     */
    record View(LogIndex applied, @Nullable Binding binding, CellConfig config, boolean declaredDown, Instant clock) {}

    /**
     * A promise is on a server's disk.
     *
     * @param server the server
     * @param cell the cell
     * @param promise the promise
     */
    record PromiseDurable(ServerId server, CellId cell, Promise promise) implements Fact {}

    /**
     * It is on a server's disk that it may report an entry.
     *
     * @param server the server
     * @param cell the cell
     * @param index the entry
     * @param applied the entry that it had applied when it wrote that
     * @param pending how much of what it had promised alone was not committed then
     */
    record ReportDurable(ServerId server, CellId cell, LogIndex index, LogIndex applied, int pending) implements Fact {}

    /**
     * A report leaves a server.
     *
     * @param server the server
     * @param cell the cell
     * @param index the entry that it says to have applied
     * @param durable the highest that its disk says it may report
     * @param pending how much of what it promised alone is not committed, as its disk has it
     */
    record Reported(ServerId server, CellId cell, LogIndex index, LogIndex durable, int pending) implements Fact {}

    /**
     * A server has started, and read its journals: what it was writing when it ended is there or is lost.
     *
     * @param server the server
     */
    record Started(ServerId server) implements Fact {}

    /**
     * A server has got an empty disk: what only the old one held is lost.
     *
     * @param server the server
     */
    record DiskReplaced(ServerId server) implements Fact {}

    /**
     * An operator vouches for what is not so: a server that is declared down runs on, or keeps its promises.
     *
     * @param server the server
     */
    record VouchedFalsely(ServerId server) implements Fact {}

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
