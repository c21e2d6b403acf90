package org.anylease.chaos.sim;

import java.util.TreeMap;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.Incarnation;

/** What a server remembers beside its copies when it crashes. */
final class ServerDisk {
    private final Tampering tampering;
    private final SimulatedJournal journal;
    private Incarnation incarnation;

    /** The highest batch number used. A server writes a bound ahead of it; that it loses none is what counts here. */
    private final TreeMap<CellId, Long> sequences = new TreeMap<>();

    private int starts;

    ServerDisk(Incarnation incarnation, SimulatedJournal journal, Tampering tampering) {
        this.incarnation = incarnation;
        this.journal = journal;
        this.tampering = tampering;
    }

    SimulatedJournal journal() {
        return journal;
    }

    /** Another disk is put in. */
    void replace(Incarnation next) {
        incarnation = next;
        sequences.clear();
        journal.wipe();
    }

    Incarnation incarnation() {
        return incarnation;
    }

    /** How often the server has started. */
    int starts() {
        return starts;
    }

    void started() {
        if (starts++ > 0) {
            sequences.replaceAll((_, highest) -> tampering.sequenceAfterRestart(highest) - 1);
        }
    }

    long nextSequence(CellId cell) {
        return sequences.merge(cell, 1L, Long::sum);
    }
}
