package org.anylease.server.core;

import it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap;
import it.unimi.dsi.fastutil.longs.Long2ObjectOpenHashMap;
import it.unimi.dsi.fastutil.objects.Object2ObjectLinkedOpenHashMap;
import java.time.Duration;
import java.util.Objects;
import org.anylease.server.event.PacketOutcome;
import org.anylease.server.event.ServerEvent;
import org.anylease.store.address.Ipv4;
import org.anylease.store.command.LeaseCommand;
import org.jspecify.annotations.Nullable;

/**
 * All exchanges that await something, oldest first. Bounded twice: by number, when the oldest makes room, and by age.
 *
 * <p>A token leads to an exchange only as long as the exchange awaits its answer; what comes later finds nothing.
 */
final class ExchangeBook {
    /** How many clients may wait at once: a few seconds' worth of a site's whole fleet coming up. */
    static final int EXCHANGES_MAX = 65_536;

    /** How long an exchange may last. Clients repeat themselves after 4 to 64 seconds (RFC 2131 §4.1). */
    static final Duration LIFE_MAX = Duration.ofSeconds(30);

    private final int exchangesMax;
    private final Tokens tokens;
    private final Object2ObjectLinkedOpenHashMap<ExchangeKey, Exchange> byKey = new Object2ObjectLinkedOpenHashMap<>();
    private final Long2ObjectOpenHashMap<Exchange> byToken = new Long2ObjectOpenHashMap<>();
    private final Int2ObjectOpenHashMap<OfferExchange> byCandidate = new Int2ObjectOpenHashMap<>();

    ExchangeBook(Tokens tokens, int exchangesMax) {
        this.tokens = tokens;
        this.exchangesMax = exchangesMax;
    }

    int size() {
        return byKey.size();
    }

    @Nullable
    Exchange find(ExchangeKey key) {
        return byKey.get(key);
    }

    /** Enters an exchange, in the place of the one with its key, and of the oldest when there are too many. */
    void open(Exchange exchange, Turn turn) {
        Exchange replaced = byKey.get(exchange.key());
        if (replaced != null) {
            giveUp(replaced, PacketOutcome.REPEATED, turn);
        } else if (byKey.size() >= exchangesMax) {
            Exchange oldest = oldest();
            giveUp(oldest, PacketOutcome.DROPPED, turn);
            turn.report(ServerEvent.EXCHANGE_EVICTED, oldest.network().name());
        }
        exchange.first().story().joins(exchange);
        byKey.put(exchange.key(), exchange);
    }

    private Exchange oldest() {
        return Objects.requireNonNull(byKey.get(byKey.firstKey()));
    }

    /** Ends an exchange; whatever is still answered to it finds nothing. Its packets are for the caller to answer. */
    void close(Exchange exchange) {
        byKey.remove(exchange.key(), exchange);
        byToken.remove(exchange.proposal());
        byToken.remove(exchange.probe());
        if (exchange instanceof OfferExchange offer) {
            forgetCandidate(offer);
        }
    }

    /** Ends an exchange that nobody will answer, and the stories of its packets. */
    void giveUp(Exchange exchange, PacketOutcome outcome, Turn turn) {
        close(exchange);
        exchange.end(outcome, turn);
    }

    /** Ends an exchange that this program tripped over, whatever of it was done. */
    void abandon(Exchange exchange, Turn turn) {
        close(exchange);
        exchange.endOpen(PacketOutcome.DROPPED, turn);
    }

    /** Ends the exchanges that have lasted too long. */
    void closeOverdue(Turn turn) {
        while (!byKey.isEmpty()) {
            Exchange oldest = oldest();
            if (turn.now().isBefore(oldest.began().plus(LIFE_MAX))) {
                return;
            }
            giveUp(oldest, PacketOutcome.SILENT, turn);
            turn.report(ServerEvent.EXCHANGE_TIMED_OUT, oldest.network().name());
        }
    }

    /** Proposes a command for an exchange; the outcome of an earlier one no longer counts. */
    void propose(Exchange exchange, LeaseCommand command, Turn turn) {
        byToken.remove(exchange.proposal());
        long token = tokens.next();
        exchange.awaitProposal(token);
        byToken.put(token, exchange);
        turn.emit(new Effect.Propose(token, exchange.network().cell().id(), command, null));
    }

    /** Turns an exchange to another address, which no other exchange is to have in mind; the earlier probe is void. */
    boolean tryNext(OfferExchange exchange, @Nullable Ipv4 next, OfferExchange.Probed known) {
        forgetCandidate(exchange);
        byToken.remove(exchange.probe());
        exchange.awaitProbe(Tokens.NONE);
        if (next != null) {
            byCandidate.putIfAbsent(next.bits(), exchange);
        }
        return exchange.tryNext(next, known);
    }

    /** Probes the exchange's candidate. */
    void probe(OfferExchange exchange, Ipv4 candidate, Turn turn) {
        long token = tokens.next();
        exchange.awaitProbe(token);
        byToken.put(token, exchange);
        turn.emit(new Effect.StartProbe(
                token, candidate, exchange.network().policy().probeTimeout()));
    }

    private void forgetCandidate(OfferExchange exchange) {
        Ipv4 candidate = exchange.candidate();
        if (candidate != null) {
            byCandidate.remove(candidate.bits(), exchange);
        }
    }

    /** Whether an exchange has the address in mind for its client. */
    boolean isCandidate(Ipv4 address) {
        return byCandidate.containsKey(address.bits());
    }

    /** The exchange that awaits this proposal, once. */
    @Nullable
    Exchange takeProposal(long token) {
        Exchange exchange = byToken.remove(token);
        if (exchange != null) {
            exchange.awaitProposal(Tokens.NONE);
        }
        return exchange;
    }

    /** The exchange that awaits this probe, once. */
    @Nullable
    OfferExchange takeProbe(long token) {
        if (byToken.remove(token) instanceof OfferExchange exchange) {
            exchange.awaitProbe(Tokens.NONE);
            return exchange;
        }
        return null;
    }
}
