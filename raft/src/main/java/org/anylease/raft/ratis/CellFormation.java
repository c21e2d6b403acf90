package org.anylease.raft.ratis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.anylease.raft.event.RaftEvent;
import org.anylease.raft.event.RaftEventListener;
import org.anylease.raft.link.PeerLinks;
import org.anylease.raft.loop.ServerLoop;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.jspecify.annotations.Nullable;

/**
 * How a server without a cell's log comes to take part: it asks the other voters whether the cell has a history.
 *
 * <p>A voter that lost its disk has forgotten whom it voted for and what it said it has. If it stood for election or
 * voted at once, it could help a candidate into office that lacks committed entries. So when any other voter knows
 * of a history it joins passively: no vote and no candidacy until the leader has found it. Only when no voter knows
 * of one does it help to form the group: when all have answered so, or a majority has and the rest stays silent. One
 * that the group does not know of yet listens, until the leader makes it a member.
 * Confined to the loop.
 */
final class CellFormation {
    static final String HISTORY = "raft.history";

    /** What a server without a log of the cell is to it. */
    enum Part {
        /** One of those that form it. */
        FOUNDER,
        /** A voter that lost its disk: passive until the leader has found it. */
        LOST,
        /** None of the group yet: it listens until the leader takes it in. */
        NEWCOMER
    }

    /** What was found out: the part, and the epoch of the cell that others know of. */
    record Found(Part part, long epoch) {
        /** What a server that has a log, or has none, says to one that has none. */
        static byte[] answer(boolean history, boolean member, long epoch) {
            return ByteBuffer.allocate(1 + Long.BYTES)
                    .put((byte) (!history ? 0 : member ? 1 : 2))
                    .putLong(epoch)
                    .array();
        }

        /** What that means; null when the other has no log either. */
        static @Nullable Found read(byte[] answer) {
            if (answer.length < 1 + Long.BYTES || answer[0] == 0) {
                return null;
            }
            return new Found(
                    answer[0] == 1 ? Part.LOST : Part.NEWCOMER,
                    ByteBuffer.wrap(answer).getLong(1));
        }
    }

    private static final Duration ASK_PERIOD = Duration.ofMillis(200);
    private static final Duration ASK_TIMEOUT = Duration.ofSeconds(1);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final CellId cell;
    private final List<ServerId> others;
    private final ServerLoop loop;
    private final PeerLinks links;
    private final RaftEventListener events;
    private final CompletableFuture<Found> part = new CompletableFuture<>();
    private final TreeSet<ServerId> without = new TreeSet<>();
    private final long begunNanos = System.nanoTime();
    private boolean toldToWait;

    CellFormation(CellId cell, List<ServerId> others, ServerLoop loop, PeerLinks links, RaftEventListener events) {
        this.cell = cell;
        this.others = others;
        this.loop = loop;
        this.links = links;
        this.events = events;
    }

    /** Asks until it is known. */
    CompletionStage<Found> part() {
        ask();
        return part;
    }

    private void ask() {
        decide();
        if (part.isDone() || loop.netty().isShuttingDown()) {
            return;
        }
        byte[] question = cell.name().getBytes(StandardCharsets.US_ASCII);
        for (ServerId other : others) {
            if (!without.contains(other) && links.isUp(other)) {
                var _ = links.call(other, HISTORY, question, ASK_TIMEOUT).thenAccept(answer -> {
                    Found found = Found.read(answer);
                    if (found != null) {
                        part.complete(found);
                    } else {
                        without.add(other);
                        decide();
                    }
                });
            }
        }
        loop.after(ASK_PERIOD, this::ask);
    }

    private void decide() {
        boolean majority = 2 * (without.size() + 1) > others.size() + 1;
        boolean patient = System.nanoTime() - begunNanos < PATIENCE_NANOS;
        if (without.size() == others.size() || (majority && !patient)) {
            part.complete(new Found(Part.FOUNDER, 0));
        } else if (!patient && !toldToWait) {
            toldToWait = true;
            events.heard(new RaftEvent.CellWaits(
                    cell,
                    "this server has no log of the cell, and too few of its voters " + others
                            + " answer to know whether there is one"));
        }
    }
}
