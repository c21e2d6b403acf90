package org.anylease.server.core;

import it.unimi.dsi.fastutil.longs.Long2ObjectOpenHashMap;
import java.time.Duration;
import java.time.Instant;
import java.util.TreeSet;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.LeaseCommand.ExpireDue;
import org.anylease.store.command.Outcome;
import org.anylease.store.replication.Proposal;

/**
 * Lets time pass in the cells that this server leads: expiry is a command, and only the leader proposes it. One at a
 * time for each cell; at once again while more is due.
 */
final class Expiring {
    /** How often it looks. */
    static final Duration PERIOD = Duration.ofSeconds(1);

    /** How many bindings one entry moves at most, so that the entries of clients do not wait behind it. */
    static final int BINDINGS_MAX = 512;

    private final ServerId self;
    private final CellViews cells;
    private final Tokens tokens;
    private final Long2ObjectOpenHashMap<CellId> byToken = new Long2ObjectOpenHashMap<>();
    private final TreeSet<CellId> outstanding = new TreeSet<>();

    Expiring(ServerId self, CellViews cells, Tokens tokens) {
        this.self = self;
        this.cells = cells;
        this.tokens = tokens;
    }

    void tick(Turn turn) {
        for (CellId cell : cells.cells()) {
            look(cell, turn);
        }
    }

    private void look(CellId cell, Turn turn) {
        if (outstanding.contains(cell) || !self.equals(cells.quorum(cell).leader())) {
            return;
        }
        Instant due = cells.table(cell).nextDue().orElse(Instant.MAX);
        if (due.isAfter(turn.now())) {
            return;
        }
        long token = tokens.next();
        byToken.put(token, cell);
        outstanding.add(cell);
        turn.emit(new Effect.Propose(token, cell, new ExpireDue(BINDINGS_MAX)));
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
        boolean more =
                proposal instanceof Proposal.Committed(var index, Outcome.Done(int changed)) && changed >= BINDINGS_MAX;
        if (more) {
            look(cell, turn);
        }
        return true;
    }
}
