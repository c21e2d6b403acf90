package org.anylease.server.core;

import java.time.Duration;
import java.util.List;
import org.anylease.server.core.OfferExchange.Probed;
import org.anylease.server.event.PacketOutcome;
import org.anylease.server.event.ServerEvent;
import org.anylease.server.port.ProbeResult;
import org.anylease.server.wire.OptionCode;
import org.anylease.store.address.Ipv4;
import org.anylease.store.alone.AlonePromise;
import org.anylease.store.alone.AloneRules;
import org.anylease.store.cell.CellId;
import org.jspecify.annotations.Nullable;

/**
 * Answers DISCOVER without a commit: with what {@link AloneRules} would promise the client, probed as any other. Nothing
 * is promised by that, so nothing is written; the REQUEST claims the address.
 *
 * <p>Several servers of a site may each offer an address out of their own escrow; the client takes one, and the server
 * whose it is promises it.
 */
final class OfferingAlone {
    private final Alone alone;
    private final ExchangeBook book;
    private final AloneOffers offers;
    private final Replies replies;

    OfferingAlone(Alone alone, ExchangeBook book, AloneOffers offers, Replies replies) {
        this.alone = alone;
        this.book = book;
        this.offers = offers;
        this.replies = replies;
    }

    /**
     * Takes an exchange over, if there is something to offer.
     *
     * @return false when there is nothing: the exchange goes on as it was
     */
    boolean takeOver(OfferExchange exchange, Turn turn) {
        AlonePromise promise = choose(exchange, turn);
        if (promise == null) {
            return false;
        }
        turnTo(exchange, promise, turn);
        return true;
    }

    private @Nullable AlonePromise choose(OfferExchange exchange, Turn turn) {
        CellId cell = exchange.network().cell().id();
        if (!alone.mayPromise(cell, turn)) {
            return null;
        }
        Inquiry inquiry = exchange.first();
        Ipv4 offered = offers.find(exchange.key(), turn.now());
        Ipv4 wanted = offered != null
                ? offered
                : inquiry.packet().options().ipv4(OptionCode.ADDRESS_REQUEST).orElse(null);
        return alone.rules(cell, turn.now())
                .offer(
                        inquiry.client(),
                        exchange.network().name(),
                        wanted,
                        address -> exchange.wasFoundInUse(address)
                                || offers.isOfferedToAnother(address, exchange.key(), turn.now())
                                || book.isCandidateOfAnother(address, exchange))
                .orElse(null);
    }

    private void turnTo(OfferExchange exchange, AlonePromise promise, Turn turn) {
        book.dropProposal(exchange);
        exchange.answerAlone(promise);
        boolean repeated = promise.address().equals(offers.find(exchange.key(), turn.now()));
        boolean spared =
                promise.held() || repeated || !exchange.network().policy().probe();
        if (!book.tryNext(exchange, promise.address(), spared ? Probed.SPARED : Probed.RUNNING)) {
            turn.report(
                    ServerEvent.DISCOVER_PROBES_EXHAUSTED, exchange.network().name());
            book.giveUp(exchange, PacketOutcome.SILENT, turn);
        } else if (spared) {
            finish(exchange, promise, ServerEvent.DISCOVER_OFFERED_ALONE, turn);
        } else {
            book.probe(exchange, promise.address(), turn);
        }
    }

    /** The probe of an address has ended that is to be offered without a commit. */
    void probed(OfferExchange exchange, AlonePromise promise, ProbeResult result, Turn turn) {
        String network = exchange.network().name();
        switch (result) {
            case ProbeResult.Answered _ -> {
                turn.report(ServerEvent.PROBE_ANSWERED, network);
                inUse(exchange, promise, turn);
            }
            case ProbeResult.Silent _ -> {
                turn.report(ServerEvent.PROBE_SILENT, network);
                finish(exchange, promise, ServerEvent.DISCOVER_OFFERED_ALONE, turn);
            }
            case ProbeResult.Unreachable _ -> {
                turn.report(ServerEvent.PROBE_UNREACHABLE, network);
                unprobed(exchange, promise, turn);
            }
            case ProbeResult.LocalError _ -> {
                turn.report(ServerEvent.PROBE_LOCAL_ERROR, network);
                unprobed(exchange, promise, turn);
            }
        }
    }

    /** A stranger uses the address: this server gives it to nobody, and the next one is tried at once. */
    private void inUse(OfferExchange exchange, AlonePromise promise, Turn turn) {
        CellId cell = exchange.network().cell().id();
        alone.rules(cell, turn.now()).inUse(promise.address()).ifPresent(claim -> {
            // It only restricts, so nobody has to wait until it is durable.
            boolean _ = alone.append(cell, List.of(claim), _ -> {}, turn);
        });
        exchange.foundInUse(promise.address());
        AlonePromise next = choose(exchange, turn);
        if (next != null) {
            turnTo(exchange, next, turn);
        } else {
            turn.report(ServerEvent.DISCOVER_UNCOMMITTED, exchange.network().name());
            book.giveUp(exchange, PacketOutcome.SILENT, turn);
        }
    }

    private void unprobed(OfferExchange exchange, AlonePromise promise, Turn turn) {
        switch (exchange.network().policy().unprobed()) {
            case OFFER -> finish(exchange, promise, ServerEvent.DISCOVER_OFFERED_UNPROBED, turn);
            case WITHHOLD -> {
                book.giveUp(exchange, PacketOutcome.SILENT, turn);
                turn.report(
                        ServerEvent.DISCOVER_WITHHELD_UNPROBED,
                        exchange.network().name());
            }
        }
    }

    private void finish(OfferExchange exchange, AlonePromise promise, ServerEvent event, Turn turn) {
        book.close(exchange);
        Duration hold = exchange.network().cell().timers().offerHold();
        offers.remember(exchange.key(), promise.address(), turn.now().plus(hold));
        for (Inquiry route : exchange.routes()) {
            replies.offerAtMost(route, promise.address(), promise.leaseTime(), event, turn);
        }
    }
}
