package org.anylease.store.command;

import java.util.List;
import org.anylease.store.cell.Incarnation;

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
