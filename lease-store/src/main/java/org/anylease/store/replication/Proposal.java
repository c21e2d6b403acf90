package org.anylease.store.replication;

import org.anylease.store.cell.LogIndex;
import org.anylease.store.command.Outcome;

/** What became of a proposed command, as far as the proposer can know. */
public sealed interface Proposal {
    /**
     * It is committed and applied.
     *
     * @param index where in the log
     * @param outcome what it did
     */
    record Committed(LogIndex index, Outcome outcome) implements Proposal {}

    /**
     * It was not proposed, and never will be.
     *
     * @param reason why
     */
    record Rejected(Reason reason) implements Proposal {
        /** Why a command was not proposed. */
        public enum Reason {
            /** Too many commands wait for the cell already. */
            OVERLOADED,
            /** This cluster has no such cell. */
            NO_SUCH_CELL,
            /** The log is being closed. */
            CLOSED,
            /** The proposer's clock is further than the skew from the leader's. */
            CLOCK_ASTRAY,
            /** Encoded it is longer than {@link org.anylease.store.codec.EntryCodec#COMMAND_BYTES_MAX}. */
            TOO_LARGE
        }
    }

    /** No quorum answered in time; the command may still commit. */
    record Unknown() implements Proposal {}
}
