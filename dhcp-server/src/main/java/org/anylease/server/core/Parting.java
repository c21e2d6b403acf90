package org.anylease.server.core;

import java.util.Optional;
import org.anylease.server.core.ExchangeKey.Purpose;
import org.anylease.server.event.PacketKind;
import org.anylease.server.event.PacketOutcome;
import org.anylease.server.event.ServerEvent;
import org.anylease.server.wire.OptionCode;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.LeaseCommand.DeclineAddress;
import org.anylease.store.command.LeaseCommand.ReleaseLease;
import org.anylease.store.command.Outcome;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.ClientId;
import org.anylease.store.state.LeaseTable;
import org.jspecify.annotations.Nullable;

/**
 * Takes RELEASE (RFC 2131 §4.3.4) and DECLINE (§4.3.3), which nobody answers. Both name the index of the binding that
 * the applied state shows, so that one that comes late kills no newer lease.
 */
final class Parting {
    private final CellViews cells;
    private final ExchangeBook book;
    private final Replies replies;
    private final WithoutCommit withoutCommit;
    private final Commits commits;
    private final OwnCommits ownCommits;
    private final Acting acting;

    Parting(
            CellViews cells,
            ExchangeBook book,
            Replies replies,
            WithoutCommit withoutCommit,
            Commits commits,
            OwnCommits ownCommits,
            Acting acting) {
        this.acting = acting;
        this.cells = cells;
        this.book = book;
        this.replies = replies;
        this.withoutCommit = withoutCommit;
        this.commits = commits;
        this.ownCommits = ownCommits;
    }

    void release(Inquiry inquiry, Turn turn) {
        Ipv4 address = inquiry.packet().ciaddr();
        LogIndex binding = held(inquiry, address, ServerEvent.RELEASE_UNKNOWN, turn);
        if (binding != null) {
            turn.report(ServerEvent.RELEASE_RECEIVED, inquiry.network().name());
            propose(inquiry, Purpose.RELEASE, new ReleaseLease(inquiry.client().id(), address, binding), address, turn);
        }
    }

    void decline(Inquiry inquiry, Turn turn) {
        Ipv4 address =
                inquiry.packet().options().ipv4(OptionCode.ADDRESS_REQUEST).orElse(Ipv4.UNSPECIFIED);
        LogIndex binding = held(inquiry, address, ServerEvent.DECLINE_UNKNOWN, turn);
        if (binding != null && !replies.heedsDecline(inquiry, address)) {
            turn.report(ServerEvent.DECLINE_NOT_HEEDED, inquiry.network().name());
            inquiry.end(PacketOutcome.SILENT, turn);
        } else if (binding != null) {
            turn.report(ServerEvent.DECLINE_RECEIVED, inquiry.network().name());
            propose(
                    inquiry,
                    Purpose.DECLINE,
                    new DeclineAddress(inquiry.client().id(), address, binding),
                    address,
                    turn);
        }
    }

    /** The index of the binding that is meant, if the client holds it and means us. */
    private @Nullable LogIndex held(Inquiry inquiry, Ipv4 address, ServerEvent otherwise, Turn turn) {
        String network = inquiry.network().name();
        Optional<Ipv4> server = inquiry.packet().options().ipv4(OptionCode.SERVER_ID);
        if (server.isPresent() && !Requesting.isOurs(server.get(), inquiry)) {
            turn.report(ServerEvent.PARTING_OTHER_SERVER, network);
            inquiry.end(PacketOutcome.SILENT, turn);
            return null;
        }
        LogIndex binding = bindingOf(inquiry, address);
        if (binding == null) {
            turn.report(otherwise, network);
            inquiry.end(PacketOutcome.SILENT, turn);
        }
        return binding;
    }

    /** What was committed for the client here a moment ago, what the applied state shows, or what it is promised here. */
    private @Nullable LogIndex bindingOf(Inquiry inquiry, Ipv4 address) {
        CellId cell = inquiry.network().cell().id();
        ClientId client = inquiry.client().id();
        LeaseTable table = cells.table(cell);
        LogIndex ahead = ownCommits.ahead(cell, client, address, table.appliedIndex());
        if (ahead != null) {
            return ahead;
        }
        Binding binding = table.binding(address).orElse(null);
        boolean held = binding != null && binding.state() == BindingState.ACTIVE && binding.isOf(client);
        return binding != null && (held || withoutCommit.isPromised(cell, client, address)) ? binding.index() : null;
    }

    /** Proposes it, unless the very same is under way; then it is over with the packet. */
    private void propose(Inquiry inquiry, Purpose purpose, LeaseCommand command, Ipv4 address, Turn turn) {
        if (book.find(ExchangeKey.of(inquiry, purpose)) instanceof PartingExchange pending
                && pending.command().equals(command)) {
            inquiry.end(PacketOutcome.REPEATED, turn);
            return;
        }
        PartingExchange exchange = new PartingExchange(inquiry, purpose, command, turn.now());
        book.open(exchange, turn);
        CellId cell = inquiry.network().cell().id();
        // What is promised alone is ended alone as well: the cell hears of both, in that order.
        boolean promised = withoutCommit.isPromised(cell, inquiry.client().id(), address);
        boolean waits = !promised && commits.of(cell, turn.now()).mayWait(turn.now());
        if (waits || !alone(exchange, turn)) {
            book.propose(exchange, command, turn);
        }
    }

    /** Not so a REQUEST to another server, for which the offer made here is forgotten. */
    private static boolean parts(PacketKind kind) {
        return kind == PacketKind.RELEASE || kind == PacketKind.DECLINE;
    }

    /** Notes it alone, where that may be done. */
    private boolean alone(PartingExchange exchange, Turn turn) {
        boolean noted = withoutCommit.parting(exchange, turn);
        if (noted) {
            parted(exchange, turn);
        }
        return noted;
    }

    private void parted(PartingExchange exchange, Turn turn) {
        if (exchange.first().kind() == PacketKind.RELEASE && exchange.endsNow()) {
            acting.released(exchange.first(), turn);
        }
    }

    /** The cell has decided. */
    void committed(PartingExchange exchange, Outcome outcome, Turn turn) {
        if (outcome instanceof Outcome.Lapsed) {
            uncommitted(exchange, turn);
            return;
        }
        book.close(exchange);
        boolean late = outcome instanceof Outcome.Done(int changed) && changed == 0;
        if (!late) {
            parted(exchange, turn);
        } else {
            turn.report(ServerEvent.PARTING_LATE, exchange.network().name());
        }
        exchange.end(late || !parts(exchange.first().kind()) ? PacketOutcome.SILENT : PacketOutcome.DONE, turn);
    }

    /** It did not commit: it is noted, or else the lease runs out by itself. */
    void uncommitted(PartingExchange exchange, Turn turn) {
        if (!alone(exchange, turn)) {
            turn.report(ServerEvent.PARTING_UNCOMMITTED, exchange.network().name());
            book.giveUp(exchange, PacketOutcome.SILENT, turn);
        }
    }

    /** It did not commit in time. */
    void overdue(PartingExchange exchange, Turn turn) {
        boolean _ = alone(exchange, turn);
    }
}
