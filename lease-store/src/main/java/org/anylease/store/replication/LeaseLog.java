package org.anylease.store.replication;

import java.time.Instant;
import java.util.List;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.state.Applied;
import org.anylease.store.state.LeaseTable;
import org.jspecify.annotations.Nullable;

/**
 * The replicated log of the cells that this server knows, and this server's copy of what it was applied to.
 *
 * <p>Confined to the server's loop: every method is called, and every listener hears, on that one thread, never
 * from within a call to {@link #propose}. No method blocks.
 *
 * <p>Commands of all servers that wait for a cell travel in one entry. A command is proposed again by itself when
 * the leader changes; a batch that comes twice is applied once, so a command takes effect at most once.
 */
public interface LeaseLog {
    /**
     * Asks a cell for a change. Any server may ask; the command reaches the leader.
     *
     * @param cell the cell
     * @param command the change
     * @param validUntil the cell time past which the command is void ({@link
     *     org.anylease.store.command.Outcome.Lapsed}); null for one that never is. Commands that travel together share
     *     the latest of their times, so one may be carried out a little past its own
     * @param listener hears once what became of it: {@link Proposal.Committed} once it is durable on a majority and
     *     applied at the leader (this server's own copy may lag), or {@link Proposal.Unknown} after the log's
     *     proposal deadline
     */
    void propose(CellId cell, LeaseCommand command, @Nullable Instant validUntil, ProposalListener listener);

    /**
     * Asks a cell for a change that never becomes void.
     *
     * @param cell the cell
     * @param command the change
     * @param listener hears once what became of it, as above
     */
    default void propose(CellId cell, LeaseCommand command, ProposalListener listener) {
        propose(cell, command, null, listener);
    }

    /**
     * The cells of which this server has a copy.
     *
     * @return in order of name
     */
    List<CellId> cells();

    /**
     * This server's copy of a cell, which may lag behind the log. It changes between calls of the loop; read it,
     * never keep it past one.
     *
     * @param cell one of {@link #cells()}
     * @return the applied state
     * @throws IllegalArgumentException when this server has no copy of the cell
     */
    LeaseTable table(CellId cell);

    /**
     * How far this server's copy survives a crash of it: a restart, though it reaches nobody, begins no earlier.
     *
     * @param cell one of {@link #cells()}
     * @return at most the applied index of {@link #table}
     */
    LogIndex durable(CellId cell);

    /**
     * Whether this server can commit in a cell.
     *
     * @param cell one of {@link #cells()}
     * @return as far as it knows
     */
    QuorumState quorum(CellId cell);

    /**
     * Registers the one observer of this server's copies.
     *
     * @param observer hears of every entry applied here, in order, from now on
     */
    void observe(Observer observer);

    /** Hears what became of one command. */
    @FunctionalInterface
    interface ProposalListener {
        /**
         * Heard once, on the loop.
         *
         * @param proposal what became of the command
         */
        void settled(Proposal proposal);
    }

    /** Hears how this server's copies change, on the loop. */
    interface Observer {
        /**
         * An entry was applied to this server's copy.
         *
         * @param cell the cell
         * @param applied what it did
         */
        void applied(CellId cell, Applied applied);

        /**
         * This server's copy was replaced as a whole: at the start, or by a leader's snapshot.
         *
         * @param cell the cell
         */
        void reloaded(CellId cell);

        /**
         * The way to the quorum was lost or found, or leads to another leader.
         *
         * @param cell the cell
         * @param state as it is now
         */
        void quorumChanged(CellId cell, QuorumState state);
    }
}
