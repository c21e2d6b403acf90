package org.anylease.store.command;

import java.util.List;
import org.anylease.store.cell.Incarnation;

/**
 * Commands that one server proposed together. Proposing a batch again is harmless: a cell applies each
 * (origin, sequence) once.
 *
 * @param origin the proposer
 * @param sequence counts the proposer's batches for this cell, from 1
 * @param commands applied in this order
 */
public record Batch(Incarnation origin, long sequence, List<LeaseCommand> commands) {
    /** Copies the list. */
    public Batch {
        commands = List.copyOf(commands);
    }
}
