package org.anylease.store.command;

import java.time.Instant;
import java.util.List;

/**
 * One entry of a cell's log: batches from any of its servers, under the leader's stamp.
 *
 * @param stamp the leader's clock; the cell's time is the latest stamp so far, and never goes back
 * @param batches applied in this order
 */
public record Entry(Instant stamp, List<Batch> batches) {
    /** Copies the list. */
    public Entry {
        batches = List.copyOf(batches);
    }
}
