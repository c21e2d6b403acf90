package org.anylease.chaos.sim;

import java.util.List;
import org.anylease.server.core.Effect;
import org.anylease.store.alone.JournalRecord;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.replication.LeaseLog;
import org.anylease.store.state.StateChanges;

/**
 * What is broken on purpose in a run, to prove that a checker sees it. The defaults break nothing.
 *
 * <p>Everything here sits at the edge of the code under test, which has no switch for it.
 */
public interface Tampering {
    /** Nothing is broken. */
    Tampering NONE = new Tampering() {};

    /**
     * An entry on its way into a server's copy.
     *
     * @param server whose copy
     * @param index where in the log
     * @param entry its bytes
     * @return what is applied instead
     */
    default byte[] applying(ServerId server, LogIndex index, byte[] entry) {
        return entry;
    }

    /**
     * An entry that the leader has put together.
     *
     * @param entry its bytes
     * @return what is replicated instead
     */
    default byte[] replicating(byte[] entry) {
        return entry;
    }

    /**
     * A server's log, as its core sees it.
     *
     * @param server the server
     * @param log the true one
     * @param cluster the world around
     * @return what the core sees instead
     */
    default LeaseLog logOf(ServerId server, LeaseLog log, SimulatedCluster cluster) {
        return log;
    }

    /**
     * A change of leader.
     *
     * @param committed how many entries are committed
     * @return how many the new leader knows
     */
    default int surviving(int committed) {
        return committed;
    }

    /**
     * Changes on their way to a server's disk.
     *
     * @param server whose disk
     * @param changes what is to be stored
     * @return what is stored instead
     */
    default StateChanges storing(ServerId server, StateChanges changes) {
        return changes;
    }

    /**
     * A reply on its way out.
     *
     * @param server from which server
     * @param reply the UDP payload
     * @return what is sent instead
     */
    default byte[] sending(ServerId server, byte[] reply) {
        return reply;
    }

    /**
     * Something that a server's core wants done.
     *
     * @param server the server
     * @param effect what it wants
     * @param cluster the world around
     * @return what is done instead
     */
    default Effect effect(ServerId server, Effect effect, SimulatedCluster cluster) {
        return effect;
    }

    /**
     * What a server hears once an append is on its way to the disk.
     *
     * @return whether the server believes in it at once
     */
    default boolean believesInSync() {
        return false;
    }

    /**
     * Whether a server's clock guard sees a clock that is wrong.
     *
     * @return false for one that is blind
     */
    default boolean guardsClock() {
        return true;
    }

    /**
     * Records on their way to a server's journal.
     *
     * @param server whose journal
     * @param records what is appended
     * @return what is written instead
     */
    default List<? extends JournalRecord> journaling(ServerId server, List<? extends JournalRecord> records) {
        return records;
    }

    /**
     * The first batch number that a server uses after a restart.
     *
     * @param highest the highest one that may have been used
     * @return the next one
     */
    default long sequenceAfterRestart(long highest) {
        return highest + 1;
    }
}
