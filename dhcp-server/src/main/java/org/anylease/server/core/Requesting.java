package org.anylease.server.core;

import java.time.Duration;
import java.util.Optional;
import org.anylease.server.core.ExchangeKey.Purpose;
import org.anylease.server.event.PacketOutcome;
import org.anylease.server.event.ServerEvent;
import org.anylease.server.port.Arrival;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Packet;
import org.anylease.server.wire.RelayInformation;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.command.LeaseCommand.CancelOffer;
import org.anylease.store.command.LeaseCommand.CommitLease;
import org.anylease.store.command.Outcome;
import org.anylease.store.command.RequestKind;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.Offer;
import org.jspecify.annotations.Nullable;

/**
 * Answers REQUEST (RFC 2131 §4.3.2).
 *
 * <p>The kinds are told apart by table 4 there:
 *
 * <pre>
 *               server identifier   requested address   ciaddr
 * SELECTING     set                 set                 zero
 * INIT_REBOOT   not set             set                 zero
 * RENEWING      not set             not set             set, unicast without relay
 * REBINDING     not set             not set             set, by broadcast or through a relay
 * </pre>
 *
 * <p>Some clients set a server identifier when they renew; ciaddr without a requested address tells.
 */
final class Requesting {
    /** After so many moves in a row, a client counts as alternating between sites; counted once. */
    private static final int SITE_MOVES_ALTERNATING = 2;

    private final CellViews cells;
    private final ExchangeBook book;
    private final RecentOffers recents;
    private final Replies replies;
    private final Replies.PlanView plans;
    private final WithoutCommit withoutCommit;
    private final Forwarding forwarding;
    private final Newcomers newcomers;
    private final Commits commits;
    private final OwnCommits ownCommits;

    /** What it reads, and where answers go. */
    record Sources(CellViews cells, ExchangeBook book, RecentOffers recents, Replies replies, Replies.PlanView plans) {}

    Requesting(Sources sources, AutonomyCare autonomy, Commits commits, OwnCommits ownCommits) {
        this.cells = sources.cells;
        this.book = sources.book;
        this.recents = sources.recents;
        this.replies = sources.replies;
        this.plans = sources.plans;
        this.withoutCommit = autonomy.withoutCommit();
        this.forwarding = autonomy.forwarding();
        this.newcomers = autonomy.newcomers();
        this.commits = commits;
        this.ownCommits = ownCommits;
    }

    void request(Inquiry inquiry, Turn turn) {
        Packet packet = inquiry.packet();
        String network = inquiry.network().name();
        Optional<Ipv4> server = packet.options().ipv4(OptionCode.SERVER_ID);
        if (server.isPresent() && !isOurs(server.get(), inquiry)) {
            turn.report(ServerEvent.REQUEST_OTHER_SERVER, network);
            if (!cancelOffer(inquiry, turn)) {
                inquiry.end(PacketOutcome.SILENT, turn);
            }
            return;
        }
        RequestKind kind = kind(packet, inquiry.arrival());
        if (kind == null) {
            turn.report(ServerEvent.REQUEST_WITHOUT_ADDRESS, network);
            inquiry.end(PacketOutcome.DROPPED, turn);
            return;
        }
        turn.report(event(kind), network);
        Ipv4 address = switch (kind) {
            case SELECTING, INIT_REBOOT -> requested(packet);
            case RENEWING, REBINDING -> packet.ciaddr();
        };
        ServedSubnet subnet = plans.plan().subnetOf(address);
        if (subnet == null || !subnet.network().isSameAs(inquiry.network())) {
            wrongNetwork(inquiry, kind, turn);
            return;
        }
        if (isServed(inquiry, address, turn)) {
            commit(inquiry, address, kind, turn);
        }
    }

    private boolean isServed(Inquiry inquiry, Ipv4 address, Turn turn) {
        ServerEvent refusal = replies.refusal(inquiry, address);
        if (refusal != null) {
            turn.report(refusal, inquiry.network().name());
            inquiry.end(PacketOutcome.SILENT, turn);
        }
        return refusal == null;
    }

    /** Takes an address in the name of a client that speaks BOOTP, as though it had asked for what it was offered. */
    void take(Inquiry inquiry, Ipv4 address, Turn turn) {
        if (isServed(inquiry, address, turn)) {
            commit(inquiry, address, RequestKind.SELECTING, turn);
        }
    }

    /**
     * Whether a server identifier means us: the service address, a member's own, an alias, or the relay's (RFC 5107).
     */
    static boolean isOurs(Ipv4 identifier, Inquiry inquiry) {
        return inquiry.network().cell().answersTo(identifier) || identifier.equals(inquiry.serverOverride());
    }

    private static Ipv4 requested(Packet packet) {
        return packet.options().ipv4(OptionCode.ADDRESS_REQUEST).orElse(Ipv4.UNSPECIFIED);
    }

    /** What a REQUEST asks for, by the table above; null when it names no address. */
    static @Nullable RequestKind kind(Packet packet, Arrival arrival) {
        Ipv4 requested = requested(packet);
        boolean named = packet.options().ipv4(OptionCode.SERVER_ID).isPresent();
        boolean renews = !packet.ciaddr().isUnspecified();
        if (renews && (!named || requested.isUnspecified())) {
            return isUnicast(packet, arrival) ? RequestKind.RENEWING : RequestKind.REBINDING;
        }
        if (requested.isUnspecified()) {
            return null;
        }
        return named ? RequestKind.SELECTING : RequestKind.INIT_REBOOT;
    }

    /** How the client sent it; a relay that unicast goes through as well says which it was (RFC 5010 §3). */
    private static boolean isUnicast(Packet packet, Arrival arrival) {
        if (packet.giaddr().isUnspecified()) {
            return !arrival.broadcast();
        }
        RelayInformation relay = packet.relayInformation().orElse(null);
        return relay != null && (relay.flags().orElse(0) & RelayInformation.FLAG_UNICAST) != 0;
    }

    private static ServerEvent event(RequestKind kind) {
        return switch (kind) {
            case SELECTING -> ServerEvent.REQUEST_SELECTING;
            case INIT_REBOOT -> ServerEvent.REQUEST_INIT_REBOOT;
            case RENEWING -> ServerEvent.REQUEST_RENEWING;
            case REBINDING -> ServerEvent.REQUEST_REBINDING;
        };
    }

    /**
     * The address is of another network: a NAK, when nobody else could know better (RFC 2131 §4.3.2). A client that
     * took our own offer is told in any case; it waits for nobody else.
     */
    private void wrongNetwork(Inquiry inquiry, RequestKind kind, Turn turn) {
        if (inquiry.network().policy().authoritative() || kind == RequestKind.SELECTING) {
            replies.nak(inquiry, ServerEvent.REQUEST_NAK_WRONG_NETWORK, "address is of another network", turn);
        } else {
            turn.report(
                    ServerEvent.REQUEST_WRONG_NETWORK_SILENT, inquiry.network().name());
            inquiry.end(PacketOutcome.SILENT, turn);
        }
    }

    private void commit(Inquiry inquiry, Ipv4 address, RequestKind kind, Turn turn) {
        ExchangeKey key = ExchangeKey.of(inquiry, Purpose.LEASE);
        String network = inquiry.network().name();
        if (book.find(key) instanceof LeaseExchange pending
                && pending.address().equals(address)
                && pending.kind() == kind
                && pending.first().isBootp() == inquiry.isBootp()) {
            turn.report(
                    pending.join(inquiry, turn) ? ServerEvent.REQUEST_JOINED : ServerEvent.EXCHANGE_ROUTES_EXCEEDED,
                    network);
            if (commits.isHopeless(pending, turn)) {
                overdue(pending, turn);
            }
            return;
        }
        Binding binding =
                cells.table(inquiry.network().cell().id()).binding(address).orElse(null);
        boolean held = binding != null
                && binding.state() == BindingState.ACTIVE
                && binding.isOf(inquiry.client().id());
        LeaseExchange exchange =
                new LeaseExchange(inquiry, address, kind, !held && kind == RequestKind.SELECTING, turn.now());
        book.open(exchange, turn);
        if (!isAnsweredAlone(exchange, binding, turn)) {
            propose(exchange, turn);
        }
    }

    /**
     * Tries what needs no commit: an address in this server's escrow is nobody else's to promise, one in another's is
     * for that one, and while commits do not come through nobody waits for one.
     */
    private boolean isAnsweredAlone(LeaseExchange exchange, @Nullable Binding binding, Turn turn) {
        CellId cell = exchange.network().cell().id();
        if (withoutCommit.isOwnEscrow(cell, exchange.address())) {
            if (withoutCommit.lease(exchange, turn)) {
                return true;
            }
        } else if (binding != null && binding.state() == BindingState.ESCROWED && binding.server() != null) {
            if (forwarding.forward(exchange, binding.server(), turn)) {
                return true;
            }
        }
        return !commits.of(cell, turn.now()).mayWait(turn.now()) && withoutCommit.lease(exchange, turn);
    }

    private void propose(LeaseExchange exchange, Turn turn) {
        Inquiry inquiry = exchange.first();
        book.propose(
                exchange,
                new CommitLease(
                        inquiry.client(),
                        exchange.network().name(),
                        exchange.address(),
                        exchange.kind(),
                        Replies.wantedTime(inquiry.packet())),
                turn);
    }

    /** The owner of the address has not promised it: the cell is asked, and decides. */
    void notPromised(LeaseExchange exchange, Turn turn) {
        if (book.find(exchange.key()) == exchange) {
            propose(exchange, turn);
        }
    }

    /** The owner of the address has promised it to the client, durably. */
    void promisedElsewhere(LeaseExchange exchange, Duration leaseTime, Turn turn) {
        if (book.find(exchange.key()) == exchange) {
            book.close(exchange);
            replies.ack(exchange, exchange.address(), leaseTime, turn);
        }
    }

    /**
     * Forgets what the client was offered here, since it took another server's offer.
     *
     * @return whether there is something to forget, for a write
     */
    private boolean cancelOffer(Inquiry inquiry, Turn turn) {
        ClientId client = inquiry.client().id();
        boolean offered = false;
        for (Binding binding : cells.table(inquiry.network().cell().id()).bindingsOf(client)) {
            Offer offer = binding.offer();
            offered |= offer != null && offer.client().id().equals(client);
        }
        if (offered && book.find(ExchangeKey.of(inquiry, Purpose.CANCEL)) == null) {
            PartingExchange exchange =
                    new PartingExchange(inquiry, Purpose.CANCEL, new CancelOffer(client), turn.now());
            book.open(exchange, turn);
            book.propose(exchange, exchange.command(), turn);
            return true;
        }
        return false;
    }

    /** The cell has decided. */
    void committed(LeaseExchange exchange, Outcome outcome, Turn turn) {
        String network = exchange.network().name();
        book.close(exchange);
        switch (outcome) {
            case Outcome.Bound bound -> {
                recents.forget(ExchangeKey.of(exchange.first(), Purpose.OFFER));
                remember(exchange, bound, turn);
                replies.ack(exchange, bound.address(), bound.leaseTime(), turn);
                if (bound.siteMoves() == SITE_MOVES_ALTERNATING) {
                    turn.report(ServerEvent.CLIENT_ALTERNATES, network);
                }
            }
            case Outcome.Refused _
            when isPromised(exchange) -> {
                // The cell does not know yet what this server has promised the client; its next REQUEST will be met.
                turn.report(ServerEvent.REQUEST_PROMISE_PENDING, network);
                exchange.end(PacketOutcome.SILENT, turn);
            }
            case Outcome.Refused refused -> {
                for (Inquiry route : exchange.routes()) {
                    refuse(route, refused.reason(), turn);
                }
            }
            case Outcome.NotKnown() -> {
                turn.report(ServerEvent.REQUEST_NOT_KNOWN, network);
                exchange.end(PacketOutcome.SILENT, turn);
            }
            case Outcome.Offered offered -> throw mismatch(offered);
            case Outcome.NoAddress noAddress -> throw mismatch(noAddress);
            case Outcome.Done done -> throw mismatch(done);
            case Outcome.Superseded superseded -> throw mismatch(superseded);
            case Outcome.Merged merged -> throw mismatch(merged);
            case Outcome.NotReserved not -> throw mismatch(not);
            case Outcome.Lapsed _ -> withoutAnswer(exchange, turn);
        }
    }

    private boolean isPromised(LeaseExchange exchange) {
        return withoutCommit.isPromised(
                exchange.network().cell().id(), exchange.first().client().id(), exchange.address());
    }

    private void remember(LeaseExchange exchange, Outcome.Bound bound, Turn turn) {
        CellId cell = exchange.network().cell().id();
        ownCommits.bound(
                cell,
                exchange.first().client().id(),
                bound.address(),
                bound.binding(),
                cells.table(cell).appliedIndex());
        if (exchange.isNewcomer()) {
            newcomers.seen(cell, exchange.network().name(), turn.now());
        }
    }

    private static IllegalStateException mismatch(Outcome outcome) {
        return new IllegalStateException("a lease came to " + outcome);
    }

    private void refuse(Inquiry route, Outcome.Refused.Reason reason, Turn turn) {
        switch (reason) {
            case TAKEN -> replies.nak(route, ServerEvent.REQUEST_NAK_TAKEN, "address is taken", turn);
            case NOT_LEASABLE ->
                replies.nak(route, ServerEvent.REQUEST_NAK_NOT_LEASABLE, "address is not leased out", turn);
            case ABANDONED -> replies.nak(route, ServerEvent.REQUEST_NAK_ABANDONED, "address is in quarantine", turn);
            case OTHER_ADDRESS ->
                replies.nak(route, ServerEvent.REQUEST_NAK_OTHER_ADDRESS, "another address is on record", turn);
            case CLASS_FULL ->
                replies.nak(route, ServerEvent.REQUEST_NAK_CLASS_FULL, "too many leases of your class", turn);
        }
    }

    /** The lease did not commit, or nobody knows whether it did. */
    void uncommitted(LeaseExchange exchange, Turn turn) {
        if (!withoutCommit.lease(exchange, turn)) {
            book.close(exchange);
            withoutAnswer(exchange, turn);
        }
    }

    private static void withoutAnswer(LeaseExchange exchange, Turn turn) {
        turn.report(ServerEvent.REQUEST_UNCOMMITTED, exchange.network().name());
        exchange.end(PacketOutcome.SILENT, turn);
    }

    /** The lease did not commit in time. Where no rule allows to promise it alone, the commit is awaited further. */
    void overdue(LeaseExchange exchange, Turn turn) {
        boolean _ = withoutCommit.lease(exchange, turn);
    }
}
