package org.anylease.server.core;

import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;
import org.anylease.server.core.ExchangeKey.Purpose;
import org.anylease.server.core.OfferExchange.Probed;
import org.anylease.server.event.PacketOutcome;
import org.anylease.server.event.ServerEvent;
import org.anylease.server.port.ProbeResult;
import org.anylease.server.wire.OptionCode;
import org.anylease.store.address.Ipv4;
import org.anylease.store.allocation.NetworkPlan;
import org.anylease.store.alone.AlonePromise;
import org.anylease.store.cell.CellId;
import org.anylease.store.command.LeaseCommand.OfferAddress;
import org.anylease.store.command.Outcome;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;
import org.anylease.store.lease.Offer;
import org.anylease.store.state.LeaseTable;
import org.jspecify.annotations.Nullable;

/**
 * Answers DISCOVER (RFC 2131 §4.3.1).
 *
 * <p>The address that the cell would offer is predicted from the applied state, so that it is probed while the offer
 * commits. The cell has the last word: when it offers another address, that one is probed. See {@link OfferExchange}
 * for how the two are joined.
 *
 * <p>When the applied state has no address to offer, it may lag behind; but when the pool is truly empty, every
 * client's every DISCOVER would cost a write. So at most one client of a network at a time asks the cell all the same.
 */
final class Discovering {
    private final CellViews cells;
    private final ExchangeBook book;
    private final RecentOffers recents;
    private final Replies replies;
    private final OfferingAlone offeringAlone;
    private final Commits commits;
    private final Alone alone;

    /** Per network, the last client that asked the cell although no address was in sight. */
    private final TreeMap<String, OfferExchange> hopeful = new TreeMap<>();

    Discovering(
            CellViews cells,
            ExchangeBook book,
            RecentOffers recents,
            Replies replies,
            OfferingAlone offeringAlone,
            Commits commits,
            Alone alone) {
        this.cells = cells;
        this.book = book;
        this.recents = recents;
        this.replies = replies;
        this.offeringAlone = offeringAlone;
        this.commits = commits;
        this.alone = alone;
    }

    void discover(Inquiry inquiry, Turn turn) {
        String network = inquiry.network().name();
        turn.report(inquiry.isBootp() ? ServerEvent.BOOTP_RECEIVED : ServerEvent.DISCOVER_RECEIVED, network);
        ExchangeKey key = ExchangeKey.of(inquiry, Purpose.OFFER);
        Exchange pending = book.find(key);
        if (pending != null) {
            turn.report(
                    pending.join(inquiry, turn) ? ServerEvent.DISCOVER_JOINED : ServerEvent.EXCHANGE_ROUTES_EXCEEDED,
                    network);
            if (pending instanceof OfferExchange offer && commits.isHopeless(offer, turn)) {
                overdue(offer, turn);
            }
            return;
        }
        LeaseTable table = cells.table(inquiry.network().cell().id());
        Optional<Ipv4> predicted = predict(table, inquiry);
        ServerEvent refusal = replies.refusal(inquiry, predicted.orElse(null));
        if (refusal != null) {
            turn.report(refusal, network);
            inquiry.end(PacketOutcome.SILENT, turn);
            return;
        }
        if (isOfferedNone(inquiry, predicted.orElse(null), turn) || answersAlone(inquiry, turn)) {
            return;
        }
        if (predicted.isEmpty()) {
            askAllTheSame(inquiry, turn);
            return;
        }
        Ipv4 address = predicted.get();
        ClientId client = inquiry.client().id();
        Binding binding = table.binding(address).orElse(null);
        if (isActiveFor(binding, client)) {
            // Nothing to hold and nobody else's: no write, no probe (RFC 2131 §4.3.1).
            offer(inquiry, address, null, ServerEvent.DISCOVER_OFFERED, turn);
            return;
        }
        RecentOffers.Recent recent = recents.find(key, address, turn.now());
        if (recent != null && turn.now().isBefore(recent.fresh()) && isOfferedTo(binding, client, turn)) {
            turn.report(ServerEvent.PROBE_SPARED, network);
            offer(inquiry, address, recent.offered().leaseTime(), ServerEvent.DISCOVER_OFFERED, turn);
            return;
        }
        OfferExchange exchange = new OfferExchange(inquiry, turn.now());
        book.open(exchange, turn);
        tryAddress(exchange, address, recent != null, turn);
        book.propose(exchange, new OfferAddress(inquiry.client(), network, address, null), turn);
    }

    /**
     * Offers at once what this server would promise alone: while commits do not come through, and to a client that it
     * has promised something which the cell does not know yet.
     */
    private boolean answersAlone(Inquiry inquiry, Turn turn) {
        CellId cell = inquiry.network().cell().id();
        boolean promised = alone.holdsPromise(cell, inquiry.client().id());
        if (!promised && commits.of(cell, turn.now()).mayWait(turn.now())) {
            return false;
        }
        OfferExchange exchange = new OfferExchange(inquiry, turn.now());
        book.open(exchange, turn);
        if (offeringAlone.takeOver(exchange, turn)) {
            return true;
        }
        book.close(exchange);
        return false;
    }

    /**
     * Offers no address to a client that can do without IPv4 (RFC 8925), unless it holds one or one is kept for it:
     * nothing is held, written or probed for it.
     */
    private boolean isOfferedNone(Inquiry inquiry, @Nullable Ipv4 address, Turn turn) {
        if (inquiry.isBootp() || !ReplyBuilder.asksForV6Only(inquiry.packet())) {
            return false;
        }
        CellId cell = inquiry.network().cell().id();
        LeaseTable table = cells.table(cell);
        ClientId client = inquiry.client().id();
        boolean own =
                address != null && (isActiveFor(table.binding(address).orElse(null), client) || isKept(table, address));
        return !own && !alone.holdsPromise(cell, client) && replies.offeredNone(inquiry, address, turn);
    }

    private static boolean isKept(LeaseTable table, Ipv4 address) {
        return table.plan().map(plan -> plan.reservationAt(address)).isPresent();
    }

    private Optional<Ipv4> predict(LeaseTable table, Inquiry inquiry) {
        Ipv4 requested =
                inquiry.packet().options().ipv4(OptionCode.ADDRESS_REQUEST).orElse(null);
        return table.wouldOffer(inquiry.client(), inquiry.network().name(), requested, book::isCandidate);
    }

    private static boolean isActiveFor(@Nullable Binding binding, ClientId client) {
        if (binding == null || binding.state() != BindingState.ACTIVE) {
            return false;
        }
        LeaseClient holder = binding.client();
        return holder != null && holder.id().equals(client);
    }

    private static boolean isOfferedTo(@Nullable Binding binding, ClientId client, Turn turn) {
        Offer offer = binding == null ? null : binding.offer();
        return offer != null && offer.client().id().equals(client) && turn.now().isBefore(offer.until());
    }

    private void askAllTheSame(Inquiry inquiry, Turn turn) {
        String network = inquiry.network().name();
        OfferExchange exchange = new OfferExchange(inquiry, turn.now());
        book.open(exchange, turn);
        if (offeringAlone.takeOver(exchange, turn)) {
            // Nobody else can have what is set aside for this server, so it need not lie idle.
            return;
        }
        ServerEvent barred = barred(inquiry);
        if (barred != null) {
            turn.report(barred, network);
            book.giveUp(exchange, PacketOutcome.SILENT, turn);
            return;
        }
        OfferExchange asking = hopeful.get(network);
        if (asking != null && book.find(asking.key()) == asking) {
            turn.report(ServerEvent.DISCOVER_POOL_EXHAUSTED, network);
            book.giveUp(exchange, PacketOutcome.SILENT, turn);
            return;
        }
        hopeful.put(network, exchange);
        book.propose(exchange, new OfferAddress(inquiry.client(), network, null, null), turn);
    }

    /** Why the client's classes leave it no address, whatever becomes free; null when they do not. */
    private @Nullable ServerEvent barred(Inquiry inquiry) {
        LeaseTable table = cells.table(inquiry.network().cell().id());
        LeaseClient client = inquiry.client();
        NetworkPlan plan =
                table.plan().map(all -> all.network(inquiry.network().name())).orElse(null);
        if (plan == null) {
            return null;
        }
        boolean permitted = false;
        for (int group = 0; group < plan.groupCount(); group++) {
            permitted |= plan.permits(group, client);
        }
        if (!permitted) {
            return ServerEvent.DISCOVER_NOT_PERMITTED;
        }
        return table.hasRoomFor(client, _ -> 0) ? null : ServerEvent.DISCOVER_CLASS_FULL;
    }

    /** Networks are served on other terms from now on. */
    void planChanged() {
        recents.planChanged();
    }

    /** Lets go of what is over. */
    void tick(Turn turn) {
        recents.forgetPast(turn.now());
        hopeful.values().removeIf(exchange -> book.find(exchange.key()) != exchange);
    }

    /** Turns to an address and probes it where that is called for; false ends the exchange. */
    private boolean tryAddress(OfferExchange exchange, Ipv4 address, boolean probedLately, Turn turn) {
        boolean spared = probedLately || !exchange.network().policy().probe();
        if (!book.tryNext(exchange, address, spared ? Probed.SPARED : Probed.RUNNING)) {
            turn.report(
                    ServerEvent.DISCOVER_PROBES_EXHAUSTED, exchange.network().name());
            book.giveUp(exchange, PacketOutcome.SILENT, turn);
            return false;
        }
        if (!spared) {
            book.probe(exchange, address, turn);
        } else if (probedLately) {
            turn.report(ServerEvent.PROBE_SPARED, exchange.network().name());
        }
        return true;
    }

    /** The cell has decided. */
    void committed(OfferExchange exchange, Outcome outcome, Turn turn) {
        switch (outcome) {
            case Outcome.Offered offered -> {
                exchange.offered(offered);
                if (offered.activeForClient()) {
                    finish(exchange, offered, ServerEvent.DISCOVER_OFFERED, turn);
                } else if (offered.address().equals(exchange.candidate())) {
                    conclude(exchange, turn);
                } else if (tryAddress(exchange, offered.address(), false, turn)) {
                    conclude(exchange, turn);
                }
            }
            case Outcome.NoAddress() -> {
                book.giveUp(exchange, PacketOutcome.SILENT, turn);
                turn.report(
                        ServerEvent.DISCOVER_POOL_EXHAUSTED, exchange.network().name());
            }
            case Outcome.Bound bound -> throw mismatch(bound);
            case Outcome.Refused refused -> throw mismatch(refused);
            case Outcome.NotKnown notKnown -> throw mismatch(notKnown);
            case Outcome.Done done -> throw mismatch(done);
            case Outcome.Superseded superseded -> throw mismatch(superseded);
            case Outcome.Merged merged -> throw mismatch(merged);
            case Outcome.NotReserved not -> throw mismatch(not);
            case Outcome.Lapsed _ -> uncommitted(exchange, turn);
        }
    }

    private static IllegalStateException mismatch(Outcome outcome) {
        return new IllegalStateException("an offer came to " + outcome);
    }

    /** The offer did not commit, or nobody knows whether it did. */
    void uncommitted(OfferExchange exchange, Turn turn) {
        if (!offeringAlone.takeOver(exchange, turn)) {
            turn.report(ServerEvent.DISCOVER_UNCOMMITTED, exchange.network().name());
            book.giveUp(exchange, PacketOutcome.SILENT, turn);
        }
    }

    /** The offer did not commit in time. Where there is nothing to offer without it, it is awaited further. */
    void overdue(OfferExchange exchange, Turn turn) {
        boolean _ = offeringAlone.takeOver(exchange, turn);
    }

    /** The probe has ended. Unreachable is not free: somebody on the way may filter (RFC 1812 §5.2.7.1). */
    void probed(OfferExchange exchange, ProbeResult result, Turn turn) {
        AlonePromise promise = exchange.alone();
        if (promise != null) {
            offeringAlone.probed(exchange, promise, result, turn);
            return;
        }
        String network = exchange.network().name();
        switch (result) {
            case ProbeResult.Answered answered -> {
                turn.report(ServerEvent.PROBE_ANSWERED, network);
                tryAnother(exchange, turn);
                return;
            }
            case ProbeResult.Silent silent -> {
                turn.report(ServerEvent.PROBE_SILENT, network);
                exchange.probed(Probed.SILENT);
            }
            case ProbeResult.Unreachable unreachable -> {
                turn.report(ServerEvent.PROBE_UNREACHABLE, network);
                exchange.probed(Probed.IMPOSSIBLE);
            }
            case ProbeResult.LocalError error -> {
                turn.report(ServerEvent.PROBE_LOCAL_ERROR, network);
                exchange.probed(Probed.IMPOSSIBLE);
            }
        }
        conclude(exchange, turn);
    }

    /**
     * A stranger answered for the candidate: it is abandoned, and the next one tried at once. The abandonment is
     * proposed even when it was the last try, so that nobody else runs into the stranger.
     */
    private void tryAnother(OfferExchange exchange, Turn turn) {
        Ipv4 inUse = exchange.candidate();
        Inquiry inquiry = exchange.first();
        exchange.offered(null);
        LeaseTable table = cells.table(exchange.network().cell().id());
        // Once the offer of the address in use is applied, the prediction sticks to it; then the cell's choice is
        // awaited.
        Ipv4 next = predict(table, inquiry)
                .filter(address -> !address.equals(inUse))
                .orElse(null);
        book.propose(
                exchange, new OfferAddress(inquiry.client(), exchange.network().name(), next, inUse), turn);
        if (next != null) {
            tryAddress(exchange, next, false, turn);
        } else {
            book.tryNext(exchange, null, Probed.RUNNING);
        }
    }

    /** Answers if probe and commit both allow it. */
    private void conclude(OfferExchange exchange, Turn turn) {
        Outcome.Offered offered = exchange.offered();
        if (offered == null) {
            return;
        }
        switch (exchange.probed()) {
            case RUNNING -> {}
            case SILENT, SPARED -> finish(exchange, offered, ServerEvent.DISCOVER_OFFERED, turn);
            case IMPOSSIBLE -> {
                switch (exchange.network().policy().unprobed()) {
                    case OFFER -> finish(exchange, offered, ServerEvent.DISCOVER_OFFERED_UNPROBED, turn);
                    case WITHHOLD -> {
                        book.giveUp(exchange, PacketOutcome.SILENT, turn);
                        turn.report(
                                ServerEvent.DISCOVER_WITHHELD_UNPROBED,
                                exchange.network().name());
                    }
                }
            }
        }
    }

    private void finish(OfferExchange exchange, Outcome.Offered offered, ServerEvent event, Turn turn) {
        book.close(exchange);
        if (exchange.probed() == Probed.SILENT || exchange.probed() == Probed.SPARED) {
            recents.remember(exchange, offered, turn.now());
        }
        for (Inquiry route : exchange.routes()) {
            offer(route, offered.address(), offered.leaseTime(), event, turn);
        }
    }

    private void offer(Inquiry inquiry, Ipv4 address, @Nullable Duration standard, ServerEvent event, Turn turn) {
        ServedNetwork network = inquiry.network();
        Duration most = cells.table(network.cell().id())
                .leaseTime(inquiry.client(), network.name(), address, Replies.wantedTime(inquiry.packet()))
                .orElse(network.cell().timers().longestLease());
        replies.offer(inquiry, address, standard, most, event, turn);
    }
}
