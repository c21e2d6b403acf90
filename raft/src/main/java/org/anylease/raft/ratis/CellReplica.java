package org.anylease.raft.ratis;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.anylease.raft.event.RaftEvent;
import org.anylease.raft.event.RaftEventListener;
import org.anylease.raft.loop.ServerLoop;
import org.anylease.raft.membership.SnapshotPolicy;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.command.Entry;
import org.anylease.store.rocks.RocksLeaseStore;
import org.anylease.store.state.Applied;
import org.anylease.store.state.LeaseTable;
import org.anylease.store.state.StateChanges;
import org.jspecify.annotations.Nullable;

/**
 * This server's copy of one cell: the table in memory, and what of it is not stored yet.
 *
 * <p>Confined to the loop but for {@link #admit}. Entries are applied one by one; what they changed is taken from
 * the table only when the writer is free, so that under load many entries share a write and a key that changed
 * twice is stored once. An entry is never skipped: a failed apply or write ends the replica for good.
 */
final class CellReplica {
    /** Entries handed over but not stored yet; Ratis' thread waits beyond it. */
    private static final int BACKLOG_MAX = 2048;

    private static final int CAPTURES_MAX = 4;

    private static final Duration SNAPSHOT_RETRY = Duration.ofSeconds(10);

    /** Hears what happens to the copy, on the loop. */
    interface Listener {
        void applied(CellId cell, Applied applied);

        void reloaded(CellId cell);

        /** A snapshot is published, so that the log before it may go. */
        void snapshotPublished(CellId cell, LogIndex index);

        /** The replica has stopped: the group must be left. */
        void stopped(CellId cell);
    }

    private record Asked(LogIndex at, CompletableFuture<Capture> capture) {}

    private record Drain(LogIndex upTo, CompletableFuture<@Nullable Void> done) {}

    private final CellId cell;
    private final ServerLoop loop;
    private final StateWriter writer;
    private final SnapshotPolicy policy;
    private final Listener listener;
    private final RaftEventListener events;
    private final Semaphore backlog = new Semaphore(BACKLOG_MAX);
    private final List<Drain> drains = new ArrayList<>();
    private final List<Drain> awaited = new ArrayList<>();
    private final List<Asked> captures = new ArrayList<>();

    private LeaseTable table;
    private long term;
    private LogIndex applied = LogIndex.NONE;
    private LogIndex stored = LogIndex.NONE;
    private int unstoredEntries;
    private boolean writing;
    private long entriesSinceSnapshot;
    private long bytesSinceSnapshot;
    private boolean snapshotting;
    private long snapshotNotBeforeNanos = System.nanoTime();
    private volatile @Nullable Throwable failure;

    CellReplica(
            CellId cell,
            ServerLoop loop,
            StateWriter writer,
            SnapshotPolicy policy,
            Listener listener,
            RaftEventListener events) {
        this.cell = cell;
        this.loop = loop;
        this.writer = writer;
        this.policy = policy;
        this.listener = listener;
        this.events = events;
        this.table = new LeaseTable(cell);
    }

    LeaseTable table() {
        return table;
    }

    LogIndex appliedIndex() {
        return applied;
    }

    /** Why the replica stopped, or null. From any thread. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /** Waits for room for one more entry. Called by Ratis' thread, which may be held up. */
    void admit() throws InterruptedException {
        backlog.acquire();
    }

    /** Puts what was read from the disk in place of the table. */
    void load(LeaseTable loaded, RocksLeaseStore.Position position) {
        table = loaded;
        term = position.term();
        applied = position.index();
        stored = position.index();
        entriesSinceSnapshot = 0;
        bytesSinceSnapshot = 0;
        listener.reloaded(cell);
        tellWhoAwaits();
    }

    /** Applies an entry. {@code done} hears null when that is done, or why it failed. */
    void apply(long entryTerm, LogIndex index, Entry entry, int bytes, Consumer<@Nullable Throwable> done) {
        if (failure != null) {
            backlog.release();
            done.accept(new IOException("the replica of cell " + cell + " has stopped", failure));
            return;
        }
        captureBefore(index);
        Applied result;
        try {
            result = table.apply(index, entry);
        } catch (RuntimeException | Error e) {
            backlog.release();
            stop("applying entry " + index, e);
            done.accept(e);
            return;
        }
        term = entryTerm;
        applied = index;
        unstoredEntries++;
        entriesSinceSnapshot++;
        bytesSinceSnapshot += bytes;
        done.accept(null);
        store();
        considerSnapshot();
        listener.applied(cell, result);
        tellWhoAwaits();
    }

    /** An entry of Raft's own went by, which changes nothing but the position. */
    void advance(long entryTerm, LogIndex index) {
        if (failure == null) {
            term = entryTerm;
            applied = index;
            tellWhoAwaits();
        }
    }

    /** Completes something once an entry is applied. */
    void whenApplied(LogIndex upTo, CompletableFuture<@Nullable Void> done) {
        awaited.add(new Drain(upTo, done));
        tellWhoAwaits();
    }

    /** Captures the copy as soon as it stands at an entry; a {@link Capture.Passed} when it is past it. */
    CompletionStage<Capture> capture(LogIndex at) {
        CompletableFuture<Capture> captured = new CompletableFuture<>();
        if (failure != null || captures.size() >= CAPTURES_MAX) {
            captured.completeExceptionally(new IOException(
                    failure != null
                            ? "the replica of cell " + cell + " has stopped"
                            : "the copy of cell " + cell + " is being compared already"));
        } else {
            captures.add(new Asked(at, captured));
            captureBefore(new LogIndex(applied.value() + 1));
        }
        return captured;
    }

    /** Before an entry is applied the table stands where everybody does who is about to apply it. */
    private void captureBefore(LogIndex next) {
        if (captures.isEmpty()) {
            return;
        }
        List<Asked> due = captures.stream()
                .filter(asked -> asked.at().compareTo(next) < 0)
                .toList();
        captures.removeAll(due);
        for (Asked asked : due) {
            if (asked.at().compareTo(applied) < 0) {
                asked.capture().completeExceptionally(new Capture.Passed(applied));
            } else {
                // The writer does as it is asked in order, so this view ends with what is applied now.
                writeChanges();
                asked.capture().complete(new Capture(asked.at(), table.digest(), writer.view()));
            }
        }
    }

    private void tellWhoAwaits() {
        captureBefore(new LogIndex(applied.value() + 1));
        if (!awaited.isEmpty()) {
            List<Drain> reached = awaited.stream()
                    .filter(waiting -> waiting.upTo().compareTo(applied) <= 0)
                    .toList();
            awaited.removeAll(reached);
            reached.forEach(waiting -> waiting.done().complete(null));
        }
    }

    /** Hands what has changed to the writer, unless it is busy: then it comes back for it. */
    private void store() {
        if (!writing && failure == null && !applied.equals(stored)) {
            writeChanges();
        }
    }

    private void writeChanges() {
        writing = true;
        LogIndex upTo = applied;
        int entries = unstoredEntries;
        unstoredEntries = 0;
        StateChanges changes = new StateChanges(upTo, table.takeChanges().changes());
        var _ = writer.write(term, changes)
                .whenComplete((done, e) -> loop.execute(() -> {
                    writing = false;
                    backlog.release(entries);
                    if (e != null) {
                        stop("storing entries up to " + upTo, e);
                    } else {
                        stored = upTo;
                        completeDrains();
                        if (unstoredEntries > 0 || !drains.isEmpty()) {
                            store();
                        }
                    }
                }));
    }

    private void completeDrains() {
        drains.removeIf(drain -> {
            boolean reached = drain.upTo().compareTo(stored) <= 0;
            if (reached) {
                drain.done().complete(null);
            }
            return reached;
        });
    }

    /** Completes when all that is applied by now is handed to the store. From any thread. */
    CompletionStage<@Nullable Void> drain() {
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        loop.execute(() -> {
            if (failure != null) {
                done.completeExceptionally(new IOException("the replica of cell " + cell + " has stopped", failure));
            } else if (applied.equals(stored)) {
                done.complete(null);
            } else {
                drains.add(new Drain(applied, done));
                store();
            }
        });
        return done;
    }

    private void considerSnapshot() {
        if (entriesSinceSnapshot >= policy.entriesMax() || bytesSinceSnapshot >= policy.logBytesMax()) {
            if (!snapshotting && System.nanoTime() - snapshotNotBeforeNanos >= 0) {
                snapshot();
            }
        }
    }

    /** Takes a snapshot of what is stored by now. */
    CompletionStage<LogIndex> snapshot() {
        snapshotting = true;
        long entries = entriesSinceSnapshot;
        long bytes = bytesSinceSnapshot;
        long begun = System.nanoTime();
        CompletableFuture<LogIndex> published = new CompletableFuture<>();
        var _ = writer.snapshot()
                .whenComplete((position, e) -> loop.execute(() -> {
                    snapshotting = false;
                    if (e != null) {
                        snapshotNotBeforeNanos = System.nanoTime() + SNAPSHOT_RETRY.toNanos();
                        events.heard(new RaftEvent.SnapshotFailed(cell, e));
                        published.completeExceptionally(e);
                    } else if (position == null) {
                        published.completeExceptionally(new IOException("a leader's snapshot is being installed"));
                    } else {
                        entriesSinceSnapshot = Math.max(0, entriesSinceSnapshot - entries);
                        bytesSinceSnapshot = Math.max(0, bytesSinceSnapshot - bytes);
                        events.heard(new RaftEvent.SnapshotTaken(
                                cell, position.index(), Duration.ofNanos(System.nanoTime() - begun)));
                        listener.snapshotPublished(cell, position.index());
                        published.complete(position.index());
                    }
                }));
        return published;
    }

    /** Ends the replica: nothing is applied, stored or answered for from here on. */
    void stop(String during, Throwable cause) {
        if (failure != null) {
            return;
        }
        failure = cause;
        // Ratis' thread must not wait for room that nobody makes any more.
        backlog.release(BACKLOG_MAX);
        List<Drain> waiting = new ArrayList<>(drains);
        waiting.addAll(awaited);
        drains.clear();
        awaited.clear();
        List<Asked> asked = List.copyOf(captures);
        captures.clear();
        asked.forEach(capture -> capture.capture().completeExceptionally(cause));
        waiting.forEach(drain -> drain.done().completeExceptionally(cause));
        events.heard(new RaftEvent.CellStopped(cell, during, cause));
        listener.stopped(cell);
    }
}
