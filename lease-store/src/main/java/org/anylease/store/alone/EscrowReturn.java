package org.anylease.store.alone;

import java.util.List;
import org.anylease.store.command.LeaseCommand;

/**
 * An escrowed address that goes back to the cell.
 *
 * @param before what the journal has to hold, durably, before the command is proposed; empty when it does
 * @param command what gives it back
 */
public record EscrowReturn(List<JournalRecord> before, LeaseCommand.ReturnEscrow command) {
    /** Copies the list. */
    public EscrowReturn {
        before = List.copyOf(before);
    }
}
