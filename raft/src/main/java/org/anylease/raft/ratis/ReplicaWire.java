package org.anylease.raft.ratis;

import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.anylease.raft.event.RaftEvent;
import org.anylease.raft.event.RaftEventListener;
import org.anylease.raft.loop.ServerLoop;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.replication.LeaseLog;
import org.anylease.store.state.Applied;
import org.jspecify.annotations.Nullable;

/** Tells what happens to a copy, on the loop, and to its group, on any thread, to whoever is concerned. */
final class ReplicaWire implements CellReplica.Listener, CellStateMachine.GroupListener {
    private final Supplier<RatisNode> node;
    private final ServerLoop loop;
    private final Map<CellId, Cell> cells;
    private final Supplier<LeaseLog.@Nullable Observer> observer;
    private final Consumer<CellId> watch;
    private final Consumer<CellId> expelled;
    private final RaftEventListener events;

    /** The node is asked for when it is needed: copies are made before it is. */
    ReplicaWire(
            Supplier<RatisNode> node,
            ServerLoop loop,
            Map<CellId, Cell> cells,
            Supplier<LeaseLog.@Nullable Observer> observer,
            Consumer<CellId> watch,
            Consumer<CellId> expelled,
            RaftEventListener events) {
        this.node = node;
        this.loop = loop;
        this.cells = cells;
        this.observer = observer;
        this.watch = watch;
        this.expelled = expelled;
        this.events = events;
    }

    @Override
    public void applied(CellId cell, Applied applied) {
        // The observer first: who hears of an outcome may look at the table, and find what the observer was told.
        LeaseLog.Observer known = observer.get();
        if (known != null) {
            known.applied(cell, applied);
        }
        Cell parts = cells.get(cell);
        if (parts != null) {
            parts.pipeline().applied(applied);
        }
    }

    @Override
    public void reloaded(CellId cell) {
        LeaseLog.Observer known = observer.get();
        if (known != null) {
            known.reloaded(cell);
        }
    }

    @Override
    public void snapshotPublished(CellId cell, LogIndex index) {
        var _ = node.get().purge(cell, index).whenComplete((done, failure) -> {
            if (failure != null) {
                events.heard(new RaftEvent.SnapshotFailed(cell, failure));
            }
        });
    }

    @Override
    public void roleChanged(CellId cell) {
        loop.execute(() -> watch.accept(cell));
    }

    @Override
    public boolean mayEnd(CellId cell) {
        return !node.get().isReady(cell);
    }

    @Override
    public void expelled(CellId cell) {
        loop.execute(() -> expelled.accept(cell));
    }

    @Override
    public void stopped(CellId cell) {
        watch.accept(cell);
        Thread.ofPlatform().name("leave-" + cell.name()).daemon().start(() -> {
            try {
                node.get().leave(cell);
            } catch (IOException e) {
                events.heard(new RaftEvent.CellStopped(cell, "leaving the group", e));
            }
        });
    }
}
