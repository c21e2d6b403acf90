package org.anylease.server.core;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.anylease.server.action.Act;
import org.anylease.server.event.PacketKind;
import org.anylease.server.event.PacketOutcome;
import org.anylease.server.event.ServerEvent;
import org.anylease.server.partition.PeerMessage;
import org.anylease.server.port.Reply;
import org.anylease.server.wire.EncodeLimits;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.alone.JournalRecord;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.LeaseCommand;
import org.jspecify.annotations.Nullable;

/** What the service asks for. A token comes back in the input that answers it, and is never used twice. */
public sealed interface Effect {
    /**
     * Sends a reply.
     *
     * @param packet the reply
     * @param way the way it takes
     * @param limits how large it may become
     * @param asked when the client asked: the first time, when it asked repeatedly
     */
    record SendReply(Packet packet, Reply way, EncodeLimits limits, Instant asked) implements Effect {}

    /**
     * Probes an address; {@link Input.ProbeFinished} answers it once.
     *
     * @param token comes back with the result
     * @param address the address
     * @param timeout how long silence must last
     */
    record StartProbe(long token, Ipv4 address, Duration timeout) implements Effect {}

    /**
     * Proposes a command; {@link Input.ProposalSettled} answers it once.
     *
     * @param token comes back with what became of it
     * @param cell the cell
     * @param command the command
     * @param validUntil the cell time past which the command is void; null for ever
     */
    record Propose(
            long token,
            CellId cell,
            LeaseCommand command,
            @Nullable Instant validUntil) implements Effect {}

    /**
     * Appends records to this server's journal; {@link Input.JournalSynced} answers it once, when they are durable.
     * Appends of one cell become durable in the order of these effects. One that fails ends the server.
     *
     * @param token comes back when they are durable
     * @param cell whose journal they are for
     * @param basedOn the applied index of the state that they were decided on
     * @param records what to append, all or none
     */
    record AppendJournal(long token, CellId cell, LogIndex basedOn, List<JournalRecord> records) implements Effect {
        /** Copies the list. */
        public AppendJournal {
            records = List.copyOf(records);
        }
    }

    /**
     * Says something to another server of a cell; it may get lost.
     *
     * @param cell the cell it is about
     * @param to the server
     * @param message what to say
     */
    record SendPeer(CellId cell, ServerId to, PeerMessage message) implements Effect {}

    /**
     * Sets a timer; {@link Input.TimerFired} answers it once.
     *
     * @param token comes back when it runs out
     * @param delay from now
     */
    record SetTimer(long token, Duration delay) implements Effect {}

    /**
     * Counts something that happened.
     *
     * @param event what
     * @param subject the network or cell it happened in, as named in the configuration, or the relay that is not
     *     served; empty when there is none
     */
    record Report(ServerEvent event, String subject) implements Effect {}

    /**
     * Does what an operator wants done when something happens to a lease; nobody waits for it.
     *
     * @param act what to do
     */
    record Do(Act act) implements Effect {}

    /**
     * Tells of a defect of this program that a packet brought to light. The packet is dropped, and its end is told as any
     * other's.
     *
     * @param defect what was thrown while it was dealt with
     */
    record TrippedOver(RuntimeException defect) implements Effect {}

    /**
     * Counts a client's packet, once for each, when it is known what became of it.
     *
     * @param kind what it was
     * @param outcome what became of it
     */
    record PacketEnded(PacketKind kind, PacketOutcome outcome) implements Effect {}
}
