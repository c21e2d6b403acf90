package org.anylease.raft.ratis;

import java.util.concurrent.CompletableFuture;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.rocks.RocksLeaseStore;
import org.anylease.store.state.LeaseDigest;

/**
 * A copy as it was after exactly one entry.
 *
 * @param index the entry
 * @param digest of the table in memory
 * @param view of what is stored, to be closed by who gets it
 */
record Capture(LogIndex index, LeaseDigest digest, CompletableFuture<RocksLeaseStore.View> view) {
    /**
     * The copy is past the entry that was asked for.
     */
    static final class Passed extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient LogIndex applied;

        Passed(LogIndex applied) {
            super("entry " + applied + " is applied already");
            this.applied = applied;
        }

        LogIndex applied() {
            return applied;
        }
    }
}
