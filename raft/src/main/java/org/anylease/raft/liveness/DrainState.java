package org.anylease.raft.liveness;

import java.time.Instant;
import java.util.List;
import org.anylease.store.cell.CellId;

/**
 * How far a server is drained: it leads no cell, and takes on none, until it is undrained or started anew.
 *
 * @param since when it was asked for
 * @param leading the cells that it still leads: it hands each over as soon as another voter can take it
 */
public record DrainState(Instant since, List<CellId> leading) {
    /** Copies the list. */
    public DrainState {
        leading = List.copyOf(leading);
    }
}
