package org.anylease.server.core;

import it.unimi.dsi.fastutil.longs.Long2ObjectOpenHashMap;
import java.time.Duration;
import java.time.Instant;
import java.util.TreeMap;
import org.anylease.server.partition.CommitWait;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.config.CellTimers;
import org.anylease.store.replication.Proposal;
import org.jspecify.annotations.Nullable;

/**
 * Proposes, and measures what commits take: each cell's {@link CommitWait} learns from every proposal, also from one
 * whose client was answered alone meanwhile.
 */
final class Commits {
    private final CellViews cells;
    private final Deadlines deadlines;
    private final TreeMap<CellId, CommitWait> waits = new TreeMap<>();
    private final TreeMap<CellId, LogIndex> latest = new TreeMap<>();
    private final Long2ObjectOpenHashMap<Outstanding> outstanding = new Long2ObjectOpenHashMap<>();

    private record Outstanding(CellId cell, Instant proposed, boolean awaited) {}

    Commits(CellViews cells, Deadlines deadlines) {
        this.cells = cells;
        this.deadlines = deadlines;
    }

    /** How a cell's commits do. */
    CommitWait of(CellId cell, Instant now) {
        return waits.computeIfAbsent(cell, _ -> new CommitWait(now));
    }

    /** How long a client waits for a commit of the cell now. */
    Duration deadline(CellId cell, CellTimers timers, Instant now) {
        return of(cell, now).deadline(timers.commitDeadline());
    }

    /**
     * Proposes a command for which a client waits. Past the deadline it may be answered alone; the command is void some
     * time after that: by the skew later, as the leader's clock may be ahead of this one.
     */
    void propose(long token, ServedCell cell, LeaseCommand command, Turn turn) {
        Duration deadline = deadline(cell.id(), cell.timers(), turn.now());
        outstanding.put(token, new Outstanding(cell.id(), turn.now(), true));
        deadlines.in(deadline, token, turn);
        Instant validUntil = turn.now().plus(deadline).plus(cell.timers().skew());
        turn.emit(new Effect.Propose(token, cell.id(), command, validUntil));
    }

    /** Proposes a command for which nobody waits. */
    void propose(long token, CellId cell, LeaseCommand command, Turn turn) {
        outstanding.put(token, new Outstanding(cell, turn.now(), false));
        turn.emit(new Effect.Propose(token, cell, command, null));
    }

    /** What became of a proposal is known. */
    void settled(long token, Proposal proposal, Turn turn) {
        Outstanding known = outstanding.remove(token);
        if (known == null) {
            return;
        }
        CommitWait wait = of(known.cell, turn.now());
        if (proposal instanceof Proposal.Committed(LogIndex index, var _)) {
            latest.merge(known.cell, index, (one, other) -> one.compareTo(other) > 0 ? one : other);
            wait.committed(Duration.between(known.proposed, turn.now()), turn.now());
        } else if (known.awaited) {
            wait.missed(turn.now());
        }
    }

    /** A deadline has passed: whether it was that of a proposal that is still open. */
    boolean isOverdue(long token, Turn turn) {
        Outstanding known = outstanding.get(token);
        if (known == null) {
            return false;
        }
        of(known.cell, turn.now()).missed(turn.now());
        return true;
    }

    /** Whether an exchange awaits a commit that is not to be expected now, so that a repeat may be answered alone. */
    boolean isHopeless(Exchange exchange, Turn turn) {
        return exchange.proposal() != Tokens.NONE
                && of(exchange.network().cell().id(), turn.now()).isOpen();
    }

    /** The latest entry that carried a command of this server since it started, or null. */
    @Nullable
    LogIndex latestOwn(CellId cell) {
        return latest.get(cell);
    }

    /** Whether this server could commit in a cell, as far as it knows. */
    boolean isReachable(CellId cell) {
        return cells.quorum(cell).reachable();
    }
}
