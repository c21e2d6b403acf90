package org.anylease.store.state;

import java.time.Instant;
import java.util.List;
import org.anylease.store.cell.Incarnation;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.command.Outcome;

/**
 * What applying one entry did.
 *
 * @param index the entry's place in the log
 * @param time the cell's time after it
 * @param batches what became of each batch, in order
 * @param configChanged whether it took another configuration into force
 */
public record Applied(LogIndex index, Instant time, List<BatchApplied> batches, boolean configChanged) {
    /** Copies the list. */
    public Applied {
        batches = List.copyOf(batches);
    }

    /**
     * What became of one batch.
     *
     * @param origin its proposer
     * @param sequence its number there
     * @param outcomes one for each command, in order; of a batch that was applied before, what the state says now
     */
    public record BatchApplied(Incarnation origin, long sequence, List<Outcome> outcomes) {
        /** Copies the list. */
        public BatchApplied {
            outcomes = List.copyOf(outcomes);
        }
    }
}
