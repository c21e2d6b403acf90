package org.anylease.raft.clock;

import org.anylease.store.cell.CellId;

/** Hears how this server's clock is judged. */
@FunctionalInterface
public interface ClockListener {
    /**
     * The verdict in a cell is another than before. Called on the loop, must not block.
     *
     * @param cell the cell
     * @param verdict what this server may do there by its clock from now on
     */
    void clockJudged(CellId cell, ClockVerdict verdict);
}
