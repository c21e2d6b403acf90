package org.anylease.server.core;

import it.unimi.dsi.fastutil.longs.Long2ObjectLinkedOpenHashMap;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.anylease.server.event.ServerEvent;
import org.anylease.server.partition.PeerMessage.ForwardedAnswer;
import org.anylease.server.partition.PeerMessage.ForwardedRequest;
import org.anylease.store.alone.AlonePromise;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.RequestKind;
import org.jspecify.annotations.Nullable;

/**
 * Asks the server whose escrow an address lies in to promise it to a client that has come here, and answers when another
 * server asks so: the servers of a site are one to their clients.
 */
final class Forwarding {
    /** How long the owner may take. */
    static final Duration PATIENCE = Duration.ofMillis(300);

    /** How many REQUESTs may be at other servers at once. */
    static final int FORWARDED_MAX = 4_096;

    private final Alone alone;
    private final WithoutCommit withoutCommit;
    private final Tokens tokens;
    private final Deadlines deadlines;
    private final Long2ObjectLinkedOpenHashMap<LeaseExchange> forwarded = new Long2ObjectLinkedOpenHashMap<>();

    Forwarding(Alone alone, WithoutCommit withoutCommit, Tokens tokens, Deadlines deadlines) {
        this.alone = alone;
        this.withoutCommit = withoutCommit;
        this.tokens = tokens;
        this.deadlines = deadlines;
    }

    /**
     * Asks the owner.
     *
     * @return false when too many were asked already
     */
    boolean forward(LeaseExchange exchange, ServerId owner, Turn turn) {
        if (forwarded.size() >= FORWARDED_MAX) {
            return false;
        }
        long token = tokens.next();
        forwarded.put(token, exchange);
        deadlines.in(PATIENCE, token, turn);
        Inquiry inquiry = exchange.first();
        String network = exchange.network().name();
        turn.report(ServerEvent.REQUEST_FORWARDED, network);
        turn.emit(new Effect.SendPeer(
                exchange.network().cell().id(),
                owner,
                new ForwardedRequest(
                        token, inquiry.client(), network, exchange.address(), Replies.wantedTime(inquiry.packet()))));
        return true;
    }

    /** The exchange that awaits this answer of another server, once. */
    @Nullable
    LeaseExchange take(long id) {
        return forwarded.remove(id);
    }

    /** Another server asks for a client of its own. */
    void asked(CellId cell, ServerId from, ForwardedRequest request, Turn turn) {
        Optional<AlonePromise> found = withoutCommit.isOwnEscrow(cell, request.address())
                ? withoutCommit.promise(
                        cell,
                        request.client(),
                        request.network(),
                        request.address(),
                        request.wantedTime(),
                        RequestKind.SELECTING,
                        turn)
                : Optional.empty();
        Instant decided = turn.now();
        boolean taken = found.isPresent()
                && alone.append(
                        cell,
                        found.get().records(),
                        later -> promised(cell, from, request, found.get(), decided, later),
                        turn);
        if (!taken) {
            turn.emit(new Effect.SendPeer(cell, from, new ForwardedAnswer(request.id(), null)));
        }
    }

    private void promised(
            CellId cell, ServerId to, ForwardedRequest request, AlonePromise promise, Instant decided, Turn turn) {
        withoutCommit.told(cell, request.network(), request.client().id(), promise, turn);
        Duration time = WithoutCommit.left(promise, decided, turn);
        turn.emit(new Effect.SendPeer(cell, to, new ForwardedAnswer(request.id(), time)));
    }
}
