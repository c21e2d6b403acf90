package org.anylease.server.boot;

import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.anylease.raft.clock.ClockDoubt;
import org.anylease.raft.clock.ClockListener;
import org.anylease.raft.clock.ClockVerdict;
import org.anylease.store.cell.CellId;

/** Puts together what comparing the servers' clocks has come to in each cell: one clock serves all. On the loop. */
final class ComparedClocks implements ClockListener {
    private final TreeMap<CellId, ClockDoubt> doubts = new TreeMap<>();
    private final BiConsumer<Boolean, String> listener;

    ComparedClocks(BiConsumer<Boolean, String> listener) {
        this.listener = listener;
    }

    @Override
    public void clockJudged(CellId cell, ClockVerdict verdict) {
        ClockDoubt doubt = verdict.doubt();
        if (doubt == null) {
            doubts.remove(cell);
        } else {
            doubts.put(cell, doubt);
        }
        String reason = doubts.isEmpty() ? "" : doubts.firstEntry().getValue().meaning();
        listener.accept(doubts.isEmpty(), reason);
    }
}
