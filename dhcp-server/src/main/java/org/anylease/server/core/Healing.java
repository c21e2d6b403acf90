package org.anylease.server.core;

import it.unimi.dsi.fastutil.longs.Long2ObjectOpenHashMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.anylease.server.event.ServerEvent;
import org.anylease.store.alone.JournalRecord;
import org.anylease.store.alone.JournalRecord.Promise;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.command.Outcome;
import org.anylease.store.replication.Proposal;

/**
 * Commits what this server promised alone, in the order in which the clients were heard of, as soon as the cell can be
 * reached: nobody has to ask for it, and clients are served meanwhile.
 *
 * <p>Before a promise out of escrow is proposed, the journal holds, durably, that it may be; it leaves the journal once
 * its commit is applied here. What does not come through is tried again: the cell takes a promise any number of times.
 */
final class Healing {
    /** How many promises of a cell are under way at once. */
    static final int FLUSHED_MAX = 256;

    private final Alone alone;
    private final Commits commits;
    private final Tokens tokens;
    private final TreeMap<CellId, Round> rounds = new TreeMap<>();
    private final Long2ObjectOpenHashMap<Flush> byToken = new Long2ObjectOpenHashMap<>();

    private record Flush(CellId cell, Promise promise) {}

    /** What of a journal is being committed. */
    private static final class Round {
        private final ArrayDeque<Promise> waiting = new ArrayDeque<>();
        /** Committed by an entry that this server's copy has not applied yet. */
        private final TreeMap<LogIndex, List<Promise>> ahead = new TreeMap<>();

        private int underWay;
        /** The last one did not come through: one at a time, until one does. */
        private boolean careful = true;

        private boolean failed;
    }

    Healing(Alone alone, Commits commits, Tokens tokens) {
        this.alone = alone;
        this.commits = commits;
        this.tokens = tokens;
    }

    /** Once a second: what failed is tried again. */
    void tick(CellId cell, Turn turn) {
        Round round = rounds.get(cell);
        if (round != null) {
            round.failed = false;
        }
        look(cell, turn);
    }

    /** Sends on its way what can be. */
    void look(CellId cell, Turn turn) {
        if (alone.journal(cell).pendingCount() == 0) {
            return;
        }
        Round round = rounds.computeIfAbsent(cell, _ -> new Round());
        takeApplied(cell, round, turn);
        if (!commits.isReachable(cell) || round.failed) {
            return;
        }
        if (round.waiting.isEmpty() && round.underWay == 0 && round.ahead.isEmpty()) {
            round.waiting.addAll(alone.journal(cell).pending());
        }
        int most = round.careful ? 1 : FLUSHED_MAX;
        while (round.underWay < most && !round.waiting.isEmpty()) {
            Promise promise = round.waiting.remove();
            // More was promised meanwhile: the next round commits that.
            if (promise.equals(alone.journal(cell).promise(promise.address()))) {
                round.underWay++;
                flush(cell, promise, turn);
            }
        }
    }

    private void flush(CellId cell, Promise promise, Turn turn) {
        List<JournalRecord> before = alone.rules(cell, turn.now()).beforeFlush(promise);
        if (before.isEmpty()) {
            propose(cell, promise, turn);
        } else if (!alone.append(cell, before, later -> propose(cell, promise, later), turn)) {
            throw new IllegalStateException("invariant RestrictionsAreTaken broken: the journal of cell " + cell
                    + " refuses what only restricts: " + before);
        }
    }

    private void propose(CellId cell, Promise promise, Turn turn) {
        long token = tokens.next();
        byToken.put(token, new Flush(cell, promise));
        commits.propose(token, cell, promise.command(), turn);
    }

    /**
     * Hears of a proposal.
     *
     * @return whether it was one of these
     */
    boolean settled(long token, Proposal proposal, Turn turn) {
        Flush flush = byToken.remove(token);
        if (flush == null) {
            return false;
        }
        Round round = rounds.computeIfAbsent(flush.cell, _ -> new Round());
        round.underWay--;
        if (proposal instanceof Proposal.Committed(LogIndex index, Outcome.Merged(var result))) {
            round.careful = false;
            round.ahead.computeIfAbsent(index, _ -> new ArrayList<>()).add(flush.promise);
            if (result == Outcome.Merged.Result.CONFLICT) {
                turn.report(ServerEvent.CONFLICT_FOUND, flush.cell.name());
            }
        } else {
            round.careful = true;
            round.failed = true;
        }
        look(flush.cell, turn);
        return true;
    }

    /** What is committed, and applied here, leaves the journal. */
    private void takeApplied(CellId cell, Round round, Turn turn) {
        LogIndex applied = alone.table(cell).appliedIndex();
        for (Map.Entry<LogIndex, List<Promise>> first = round.ahead.firstEntry();
                first != null && first.getKey().compareTo(applied) <= 0;
                first = round.ahead.firstEntry()) {
            round.ahead.pollFirstEntry();
            List<JournalRecord> gone = new ArrayList<>();
            for (Promise promise : first.getValue()) {
                gone.addAll(alone.rules(cell, turn.now()).afterFlush(promise));
            }
            if (!gone.isEmpty()) {
                // It only lifts a restriction: lost in a crash, the promise is committed once more, which does no harm.
                boolean _ = alone.append(cell, gone, _ -> {}, turn);
            }
        }
    }

    /** Whether something is committed that this server's copy has not applied yet: worth a look in a moment. */
    boolean isAhead(CellId cell) {
        Round round = rounds.get(cell);
        return round != null && !round.ahead.isEmpty();
    }
}
