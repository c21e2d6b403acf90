package org.anylease.server.core;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.anylease.server.core.ExchangeKey.Purpose;
import org.anylease.server.event.PacketOutcome;
import org.anylease.server.event.ServerEvent;
import org.anylease.store.address.Ipv4;
import org.anylease.store.alone.AlonePromise;
import org.anylease.store.alone.AloneRules;
import org.anylease.store.alone.JournalRecord.Promise;
import org.anylease.store.cell.CellId;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.PromiseEnding;
import org.anylease.store.command.PromiseRule;
import org.anylease.store.command.RequestKind;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;
import org.anylease.store.replication.Proposal;
import org.jspecify.annotations.Nullable;

/**
 * What is done when a command does not commit in time: the one place that decides it. Rules R2 to R4 of the lease
 * protocol, out of the applied state and the local journal; the reply leaves once the journal is durable. Where no rule
 * applies the client hears nothing, as RFC 2131 asks of a server that does not know.
 *
 * <p>They are safe at any time, so whoever calls need not be sure that the cell cannot commit.
 */
final class WithoutCommit {
    /** A promise that became durable later than this is told shortened: the client may have asked anew meanwhile. */
    private static final Duration PROMPT = Duration.ofSeconds(1);

    private final Alone alone;
    private final ExchangeBook book;
    private final AloneOffers offers;
    private final Replies replies;
    private final Newcomers newcomers;

    WithoutCommit(Alone alone, ExchangeBook book, AloneOffers offers, Replies replies, Newcomers newcomers) {
        this.alone = alone;
        this.book = book;
        this.offers = offers;
        this.replies = replies;
        this.newcomers = newcomers;
    }

    /**
     * Promises what a REQUEST asks for.
     *
     * @return false when no rule allows it: the exchange goes on as it was
     */
    boolean lease(LeaseExchange exchange, Turn turn) {
        CellId cell = exchange.network().cell().id();
        Inquiry inquiry = exchange.first();
        AlonePromise promise = promise(
                        cell,
                        inquiry.client(),
                        exchange.network().name(),
                        exchange.address(),
                        Replies.wantedTime(inquiry.packet()),
                        exchange.kind(),
                        turn)
                .orElse(null);
        if (promise == null) {
            return false;
        }
        Instant decided = turn.now();
        boolean taken =
                alone.append(cell, promise.records(), later -> promised(exchange, promise, decided, later), turn);
        if (taken) {
            book.dropProposal(exchange);
        }
        return taken;
    }

    /** What may be promised of an address, and not only because it happens to lie in this server's escrow. */
    Optional<AlonePromise> promise(
            CellId cell,
            LeaseClient client,
            String network,
            Ipv4 address,
            @Nullable Duration wantedTime,
            RequestKind kind,
            Turn turn) {
        if (!alone.mayPromise(cell, turn)) {
            return Optional.empty();
        }
        ExchangeKey key = new ExchangeKey(client.id(), network, Purpose.OFFER);
        return alone.rules(cell, turn.now())
                .lease(client, network, address, wantedTime)
                .filter(promise -> promise.rule() != PromiseRule.R3_ESCROW
                        || promise.held()
                        || (kind == RequestKind.SELECTING
                                && !offers.isOfferedToAnother(address, key, turn.now())
                                && !book.isCandidateOfAnother(address, book.find(key))));
    }

    private void promised(LeaseExchange exchange, AlonePromise promise, Instant decided, Turn turn) {
        ServedNetwork network = exchange.network();
        told(network.cell().id(), network.name(), exchange.first().client().id(), promise, turn);
        if (book.find(exchange.key()) != exchange) {
            // Its place was taken by what the client asked for since. The promise stands all the same.
            return;
        }
        book.close(exchange);
        Duration time = left(promise, decided, turn);
        replies.ack(exchange, promise.address(), time, turn);
    }

    /** A promise is durable: counts it, and forgets the offer that it came of. */
    void told(CellId cell, String network, ClientId client, AlonePromise promise, Turn turn) {
        offers.forget(new ExchangeKey(client, network, Purpose.OFFER));
        alone.promised(cell, promise.rule(), turn);
        if (promise.rule() == PromiseRule.R3_ESCROW && !promise.held()) {
            newcomers.seen(cell, network, turn.now());
        }
    }

    /** What the client is told: not more than what is promised, though its disk took a while. */
    static Duration left(AlonePromise promise, Instant decided, Turn turn) {
        if (Duration.between(decided, turn.now()).compareTo(PROMPT) <= 0) {
            return promise.leaseTime();
        }
        long seconds = Math.max(1, Duration.between(turn.now(), promise.until()).toSeconds());
        return Duration.ofSeconds(Math.min(seconds, promise.leaseTime().toSeconds()));
    }

    /**
     * Takes note of a RELEASE or DECLINE: from then on the address is not promised to that client, and the cell hears
     * of it later.
     *
     * @return false when there is nothing to note: the exchange goes on as it was
     */
    boolean parting(PartingExchange exchange, Turn turn) {
        CellId cell = exchange.network().cell().id();
        AloneRules rules = alone.rules(cell, turn.now());
        Optional<Promise> ended = Optional.empty();
        if (exchange.command() instanceof LeaseCommand.ReleaseLease release) {
            ended = rules.end(
                    release.client(), release.address(), release.binding(), exchange.began(), PromiseEnding.RELEASED);
        } else if (exchange.command() instanceof LeaseCommand.DeclineAddress decline) {
            ended = rules.end(
                    decline.client(), decline.address(), decline.binding(), exchange.began(), PromiseEnding.DECLINED);
        }
        if (ended.isEmpty() || !alone.mayPromise(cell, turn)) {
            return false;
        }
        boolean taken = alone.append(cell, List.of(ended.get()), later -> parted(exchange, later), turn);
        if (taken) {
            book.dropProposal(exchange);
        }
        return taken;
    }

    private void parted(PartingExchange exchange, Turn turn) {
        turn.report(ServerEvent.PARTED_ALONE, exchange.network().name());
        if (book.find(exchange.key()) == exchange) {
            book.close(exchange);
            exchange.end(PacketOutcome.DONE, turn);
        }
    }

    /** Whether this server has promised the address to the client and the cell does not know yet. */
    boolean isPromised(CellId cell, ClientId client, Ipv4 address) {
        Promise pending = alone.journal(cell).promise(address);
        return pending != null && pending.client().id().equals(client) && pending.ending() == PromiseEnding.HELD;
    }

    /** Whether the applied state has the address set aside for this server: then nobody else can promise it. */
    boolean isOwnEscrow(CellId cell, Ipv4 address) {
        Binding binding = alone.table(cell).binding(address).orElse(null);
        return binding != null
                && binding.state() == BindingState.ESCROWED
                && alone.self().equals(binding.server());
    }

    /** What a rejection is counted as, beside what it means for its client. */
    static ServerEvent event(Proposal.Rejected.Reason reason) {
        return switch (reason) {
            case OVERLOADED -> ServerEvent.LOG_OVERLOADED;
            case NO_SUCH_CELL -> ServerEvent.LOG_NO_SUCH_CELL;
            case CLOSED -> ServerEvent.LOG_CLOSED;
            case CLOCK_ASTRAY -> ServerEvent.LOG_CLOCK_ASTRAY;
            case TOO_LARGE -> ServerEvent.LOG_TOO_LARGE;
        };
    }
}
