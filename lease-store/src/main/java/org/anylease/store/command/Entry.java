package org.anylease.store.command;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * One entry of a cell's log: batches from any of its servers, under the leader's stamp.
 *
 * @param stamp the leader's clock, cut to whole milliseconds; the cell's time is the latest stamp so far, and never
 *     goes back
 * @param batches applied in this order
 */
public record Entry(Instant stamp, List<Batch> batches) {
    /** The latest stamp, which leaves room for the longest lease within what a binding can name. */
    public static final Instant STAMP_MAX = Instant.parse("9000-01-01T00:00:00Z");

    /** Checks and cuts the stamp and copies the list. */
    public Entry {
        if (stamp.isBefore(Instant.EPOCH) || stamp.isAfter(STAMP_MAX)) {
            throw new IllegalArgumentException("an entry's stamp " + stamp + " is not between 1970 and " + STAMP_MAX);
        }
        stamp = stamp.truncatedTo(ChronoUnit.MILLIS);
        batches = List.copyOf(batches);
    }
}
