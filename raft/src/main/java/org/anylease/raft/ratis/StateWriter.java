package org.anylease.raft.ratis;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.anylease.raft.disk.DurableFile;
import org.anylease.store.cell.CellId;
import org.anylease.store.rocks.RocksLeaseStore;
import org.anylease.store.state.LeaseTable;
import org.anylease.store.state.StateChanges;
import org.jspecify.annotations.Nullable;

/**
 * The thread that stores one cell's state, in order. Checkpoints are taken on it too: the table in memory goes on
 * meanwhile, and what changes is stored afterwards in one write.
 *
 * <p>Methods may be called from any thread; what they ask for is done in the order asked.
 */
final class StateWriter {
    /** What was found on the disk. */
    record Loaded(LeaseTable table, RocksLeaseStore.Position position) {}

    private final CellFiles files;
    private final SnapshotDirectory snapshots;
    private final ExecutorService thread;
    /** Confined to the thread. */
    private @Nullable RocksLeaseStore store;
    /** Confined to the thread: a leader's snapshot is about to replace ours. */
    private boolean paused;

    StateWriter(CellId cell, CellFiles files, SnapshotDirectory snapshots) {
        this.files = files;
        this.snapshots = snapshots;
        this.thread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("store-" + cell.name()).daemon().factory());
    }

    <T extends @Nullable Object> CompletableFuture<T> run(Callable<T> task) {
        CompletableFuture<T> done = new CompletableFuture<>();
        try {
            thread.execute(() -> {
                try {
                    done.complete(task.call());
                } catch (Throwable e) {
                    done.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            done.completeExceptionally(new IOException("the store is closed", e));
        }
        return done;
    }

    /** Opens the store, from the latest snapshot where that is ahead, and reads it. */
    CompletableFuture<Loaded> open() {
        return run(() -> {
            closeStore();
            paused = false;
            snapshots.reload();
            RocksLeaseStore opened = files.open();
            SnapshotDirectory.Published latest = snapshots.latestPublished();
            if (latest != null
                    && latest.position().getIndex() > opened.position().index().value()) {
                opened.close();
                files.restore(latest.directory());
                opened = files.open();
            }
            store = opened;
            return new Loaded(opened.load(), opened.position());
        });
    }

    CompletableFuture<@Nullable Void> write(long term, StateChanges changes) {
        return this.<@Nullable Void>run(() -> {
            store().write(term, changes);
            return null;
        });
    }

    /** Takes and publishes a snapshot; its position, or null while a leader's snapshot is being installed. */
    CompletableFuture<RocksLeaseStore.@Nullable Position> snapshot() {
        return this.<RocksLeaseStore.@Nullable Position>run(() -> {
            if (paused) {
                return null;
            }
            store().flush();
            var building = files.building();
            RocksLeaseStore.Position position = store().checkpoint(building);
            if (position.index().compareTo(snapshots.latestIndex()) <= 0) {
                DurableFile.deleteTree(building);
                return position;
            }
            snapshots.publish(building, position);
            snapshots.cleanupOldSnapshots(null);
            return position;
        });
    }

    /** From its completion on no snapshot is published until the store is opened again. */
    CompletableFuture<@Nullable Void> pause() {
        return this.<@Nullable Void>run(() -> {
            paused = true;
            return null;
        });
    }

    CompletableFuture<RocksLeaseStore.View> view() {
        return run(() -> store().view());
    }

    /** Makes everything durable and ends the thread. */
    void close() throws IOException, InterruptedException {
        CompletableFuture<@Nullable Void> closed = this.<@Nullable Void>run(() -> {
            if (store != null) {
                try {
                    store.flush();
                } finally {
                    closeStore();
                }
            }
            return null;
        });
        thread.shutdown();
        if (!thread.awaitTermination(1, TimeUnit.MINUTES)) {
            throw new IOException("the store did not close within a minute");
        }
        if (closed.isCompletedExceptionally()) {
            throw new IOException("the store did not close cleanly", closed.exceptionNow());
        }
    }

    private RocksLeaseStore store() throws IOException {
        if (store == null) {
            throw new IOException("the store is not open");
        }
        return store;
    }

    private void closeStore() {
        if (store != null) {
            store.close();
            store = null;
        }
    }
}
