package org.anylease.server.core;

import it.unimi.dsi.fastutil.longs.Long2ObjectOpenHashMap;
import java.time.Duration;
import java.time.Instant;
import java.util.TreeSet;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.LeaseCommand.ExpireDue;
import org.anylease.store.command.Outcome;
import org.anylease.store.replication.Proposal;
import org.anylease.store.state.LeaseTable;

/**
 * Lets time pass in the cells that this server leads: expiry is a command, and only the leader proposes it, with what
 * it knows of the servers' reports. One at a time for each cell; at once again while more is due.
 */
final class Expiring {
    /** What a cell's leader knows of reports. */
    @FunctionalInterface
    interface Settled {
        /**
         * The entry of a cell's log up to which every server that may answer for the cell has reported.
         *
         * @param cell a cell that this server leads
         * @return {@link LogIndex#NONE} when nothing is known
         */
        LogIndex upTo(CellId cell);
    }

    /** Hears of own commands by which leases ran out. */
    @FunctionalInterface
    interface Proposed {
        /**
         * One is an entry.
         *
         * @param cell its cell
         * @param index the entry's place in the log
         * @param turn the turn
         */
        void at(CellId cell, LogIndex index, Turn turn);
    }

    /** How often it looks. */
    static final Duration PERIOD = Duration.ofSeconds(1);

    /** How many bindings one entry moves at most, so that the entries of clients do not wait behind it. */
    static final int BINDINGS_MAX = 512;

    private final ServerId self;
    private final CellViews cells;
    private final Settled settled;
    private final Commits commits;
    private final Tokens tokens;
    private final Proposed proposed;
    private final Long2ObjectOpenHashMap<CellId> byToken = new Long2ObjectOpenHashMap<>();
    private final TreeSet<CellId> outstanding = new TreeSet<>();

    Expiring(ServerId self, CellViews cells, Settled settled, Commits commits, Tokens tokens, Proposed proposed) {
        this.proposed = proposed;
        this.self = self;
        this.cells = cells;
        this.settled = settled;
        this.commits = commits;
        this.tokens = tokens;
    }

    /** Proposes what is due, and what waits no longer, when this server leads the cell. */
    void look(CellId cell, Turn turn) {
        if (outstanding.contains(cell) || !self.equals(cells.quorum(cell).leader())) {
            return;
        }
        LeaseTable table = cells.table(cell);
        LogIndex reported = settled.upTo(cell);
        boolean due = !table.nextDue().orElse(Instant.MAX).isAfter(turn.now());
        boolean waitsNoLonger = table.waitingSince()
                .map(since -> since.compareTo(reported) <= 0)
                .orElse(false);
        if (!due && !waitsNoLonger) {
            return;
        }
        long token = tokens.next();
        byToken.put(token, cell);
        outstanding.add(cell);
        commits.propose(token, cell, new ExpireDue(BINDINGS_MAX, reported), turn);
    }

    /**
     * Hears of a proposal.
     *
     * @return whether it was one of these
     */
    boolean settled(long token, Proposal proposal, Turn turn) {
        CellId cell = byToken.remove(token);
        if (cell == null) {
            return false;
        }
        outstanding.remove(cell);
        if (proposal instanceof Proposal.Committed(var index, Outcome.Done(int changed)) && changed > 0) {
            proposed.at(cell, index, turn);
        }
        boolean more =
                proposal instanceof Proposal.Committed(var index, Outcome.Done(int changed)) && changed >= BINDINGS_MAX;
        if (more) {
            look(cell, turn);
        }
        return true;
    }
}
