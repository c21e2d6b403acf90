package org.anylease.store.command;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.anylease.store.cell.Incarnation;
import org.jspecify.annotations.Nullable;

/**
 * Commands that one server proposed together. Proposing a batch again is harmless: a cell applies each
 * (origin, sequence) once.
 *
 * @param origin the proposer
 * @param sequence counts the proposer's batches for this cell, from 1
 * @param commands applied in this order
 * @param voidAfter the proposal's validity: an entry that is applied past this cell time carries none of the commands
 *     out, so that what a server has meanwhile done alone is not done twice; cut to whole milliseconds; null for ever
 */
public record Batch(
        Incarnation origin,
        long sequence,
        List<LeaseCommand> commands,
        @Nullable Instant voidAfter) {
    /** Copies the list, and cuts and checks the time. */
    public Batch {
        commands = List.copyOf(commands);
        if (voidAfter != null) {
            if (voidAfter.isBefore(Instant.EPOCH) || voidAfter.isAfter(Entry.STAMP_MAX)) {
                throw new IllegalArgumentException(
                        "a batch is void after " + voidAfter + ", which is not between 1970 and " + Entry.STAMP_MAX);
            }
            voidAfter = voidAfter.truncatedTo(ChronoUnit.MILLIS);
        }
    }

    /**
     * A batch that never becomes void.
     *
     * @param origin the proposer
     * @param sequence counts the proposer's batches for this cell, from 1
     * @param commands applied in this order
     */
    public Batch(Incarnation origin, long sequence, List<LeaseCommand> commands) {
        this(origin, sequence, commands, null);
    }
}
