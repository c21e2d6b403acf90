package org.anylease.server.core;

import java.util.List;
import org.anylease.server.action.LeaseActions;
import org.anylease.server.dns.HostNaming;
import org.anylease.server.partition.PeerMessage;
import org.anylease.server.port.Arrival;
import org.anylease.server.port.ProbeResult;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.lease.Binding;
import org.anylease.store.replication.Proposal;
import org.anylease.store.replication.QuorumState;
import org.jspecify.annotations.Nullable;

/** What the service hears. A token is the one of the effect that the input answers. */
public sealed interface Input {
    /** The first input: the cells can be read, timers can be set. */
    record Started() implements Input {}

    /**
     * A packet came in.
     *
     * @param packet the packet, well formed
     * @param arrival where it came in
     */
    record PacketArrived(Packet packet, Arrival arrival) implements Input {}

    /**
     * A probe ended.
     *
     * @param token of {@link Effect.StartProbe}
     * @param result how
     */
    record ProbeFinished(long token, ProbeResult result) implements Input {}

    /**
     * What became of a command is known.
     *
     * @param token of {@link Effect.Propose}
     * @param proposal what
     */
    record ProposalSettled(long token, Proposal proposal) implements Input {}

    /**
     * A cell's configuration may have changed: an entry changed it, or the copy was replaced as a whole.
     *
     * @param cell the cell
     */
    record CellChanged(CellId cell) implements Input {}

    /**
     * The way to a cell's quorum was lost or found, or leads to another leader.
     *
     * @param cell the cell
     * @param state as it is now
     */
    record QuorumChanged(CellId cell, QuorumState state) implements Input {}

    /**
     * What was appended to this server's journal is durable.
     *
     * @param token of {@link Effect.AppendJournal}
     */
    record JournalSynced(long token) implements Input {}

    /**
     * Another server of a cell says something.
     *
     * @param cell the cell it is about
     * @param from the server
     * @param message what it says
     */
    record PeerSaid(CellId cell, ServerId from, PeerMessage message) implements Input {}

    /**
     * Leases are to be restored to addresses that may be set aside for this server: it gives those back that no client
     * has, and asks for no others for a while.
     *
     * @param cell the cell
     * @param addresses the addresses
     */
    record EscrowRecalled(CellId cell, List<Ipv4> addresses) implements Input {
        /** Copies the list. */
        public EscrowRecalled {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * This server's clock can be trusted, or not any more: it has stepped, strayed from its peers', or was without
     * contact for too long. Until this is heard for the first time it is trusted.
     *
     * @param trusted whether
     * @param reason what is wrong with it, for the operator; empty when nothing is
     */
    record ClockTrusted(boolean trusted, String reason) implements Input {}

    /**
     * How clients' names are agreed has changed: another configuration is in force.
     *
     * @param naming how from now on, or null when nothing is agreed about names
     */
    record NamingChanged(@Nullable HostNaming naming) implements Input {}

    /**
     * What is done when something happens to leases has changed: another configuration is in force.
     *
     * @param actions what is done from now on
     */
    record ActionsChanged(LeaseActions actions) implements Input {}

    /**
     * Leases ran out by an entry that was applied here. Only told where {@link DhcpService#followsExpiry}.
     *
     * @param cell its cell
     * @param index its index
     * @param bindings the leases
     */
    record LeasesRanOut(CellId cell, LogIndex index, List<Binding> bindings) implements Input {
        /** Copies the list. */
        public LeasesRanOut {
            bindings = List.copyOf(bindings);
        }
    }

    /**
     * A timer ran out.
     *
     * @param token of {@link Effect.SetTimer}
     */
    record TimerFired(long token) implements Input {}
}
