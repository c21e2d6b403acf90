package org.anylease.store.state;

import java.time.Instant;
import java.util.List;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.command.BatchApplied;

/**
 * What applying one entry did.
 *
 * @param index the entry's place in the log
 * @param time the cell's time after it
 * @param batches what became of each batch, in order
 * @param configChanged whether it took another configuration, or other reservations beside it, into force
 */
public record Applied(LogIndex index, Instant time, List<BatchApplied> batches, boolean configChanged) {
    /** Copies the list. */
    public Applied {
        batches = List.copyOf(batches);
    }
}
