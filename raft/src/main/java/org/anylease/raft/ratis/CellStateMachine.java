package org.anylease.raft.ratis;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.anylease.raft.event.RaftEvent;
import org.anylease.raft.event.RaftEventListener;
import org.anylease.raft.loop.ServerLoop;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.codec.EntryCodec;
import org.anylease.store.codec.UnreadableException;
import org.anylease.store.command.Entry;
import org.anylease.store.rocks.RocksLeaseStore;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * Ratis' side of a replica: what Ratis' threads call, handed over to the loop in order.
 *
 * <p>Three facts of Ratis 3.3 shape it. After a restart entries come again from the latest <em>snapshot</em> on,
 * though the store may be further: what is stored already is skipped. A failed apply is logged and the next entry
 * comes all the same: so every later one is refused here. And {@link #takeSnapshot} holds up the applying thread: so
 * snapshots are taken by the writer on its own account, and Ratis is only told the latest.
 */
final class CellStateMachine extends BaseStateMachine {
    private static final long PATIENCE_SECONDS = 60;
    /** How long after a snapshot was installed Ratis surely knows of it. */
    private static final long SETTLED_NANOS = 500_000_000;

    /** Hears of the group, from Ratis' threads. */
    interface GroupListener {
        void roleChanged(CellId cell);

        /** Whether this server wants its part in the group to end. */
        boolean mayEnd(CellId cell);

        /** This server stood for election, and heard that it is no member of the group any more: Ratis has closed it. */
        void expelled(CellId cell);
    }

    private final CellId cell;
    private final ServerLoop loop;
    private final CellReplica replica;
    private final StateWriter writer;
    private final SnapshotDirectory snapshots;
    private final GroupListener group;
    private final RaftEventListener events;
    /** Ratis says why it closed a group after it has. */
    private static final Duration REASON_WAIT = Duration.ofSeconds(10);
    /** The last entry that the store held when it was opened. */
    private volatile long storedIndex = RaftLog.INVALID_LOG_INDEX;

    private volatile boolean expelled;
    /** When the last snapshot was installed, or the store was opened. */
    private volatile long openedNanos = System.nanoTime() - SETTLED_NANOS;

    CellStateMachine(
            CellId cell,
            ServerLoop loop,
            CellReplica replica,
            StateWriter writer,
            SnapshotDirectory snapshots,
            GroupListener group,
            RaftEventListener events) {
        this.cell = cell;
        this.loop = loop;
        this.replica = replica;
        this.writer = writer;
        this.snapshots = snapshots;
        this.group = group;
        this.events = events;
    }

    @Override
    public void initialize(RaftServer server, RaftGroupId id, RaftStorage storage) throws IOException {
        super.initialize(server, id, storage);
        // Ratis looks at the life cycle before it installs a snapshot, and sends one for ever if it is not RUNNING.
        getLifeCycle()
                .startAndTransition(
                        () -> {
                            snapshots.init(storage);
                            open();
                        },
                        IOException.class);
    }

    private void open() throws IOException {
        StateWriter.Loaded loaded = await("opening the store", writer.open());
        RocksLeaseStore.Position position = loaded.position();
        if (position.index().equals(LogIndex.NONE)) {
            storedIndex = RaftLog.INVALID_LOG_INDEX;
            setLastAppliedTermIndex(TermIndex.INITIAL_VALUE);
        } else {
            storedIndex = position.index().value();
            setLastAppliedTermIndex(
                    TermIndex.valueOf(position.term(), position.index().value()));
        }
        await("handing over the table", CompletableFuture.runAsync(() -> replica.load(loaded.table(), position), loop));
    }

    private <T extends @Nullable Object> T await(String what, CompletableFuture<T> stage) throws IOException {
        try {
            return stage.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException("cell " + cell + ": " + what + " failed: " + cause.getMessage(), cause);
        } catch (TimeoutException e) {
            throw new IOException("cell " + cell + ": " + what + " took over " + PATIENCE_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("cell " + cell + ": " + what + " was interrupted", e);
        }
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto proto = transaction.getLogEntry();
        if (proto == null) {
            throw new IllegalStateException("cell " + cell + ": a transaction without an entry");
        }
        long term = proto.getTerm();
        long index = proto.getIndex();
        if (index <= storedIndex) {
            return CompletableFuture.completedFuture(Message.EMPTY);
        }
        Throwable failure = replica.failure();
        if (failure != null) {
            return CompletableFuture.failedFuture(new IOException("the replica of cell " + cell + " stopped", failure));
        }
        ByteString data = proto.getStateMachineLogEntry().getLogData();
        try {
            // Read here, off the loop; the bytes are not valid for longer than this call.
            Entry entry = EntryCodec.decodeEntry(data.asReadOnlyByteBuffer());
            replica.admit();
            CompletableFuture<Message> reply = new CompletableFuture<>();
            loop.execute(() -> replica.apply(term, new LogIndex(index), entry, data.size(), e -> {
                if (e == null) {
                    updateLastAppliedTermIndex(term, index);
                    reply.complete(Message.EMPTY);
                } else {
                    reply.completeExceptionally(e);
                }
            }));
            return reply;
        } catch (UnreadableException e) {
            loop.execute(() -> replica.stop("reading entry " + index, e));
            return CompletableFuture.failedFuture(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public void notifyTermIndexUpdated(long term, long index) {
        if (index > storedIndex) {
            loop.execute(() -> {
                replica.advance(term, new LogIndex(index));
                updateLastAppliedTermIndex(term, index);
            });
        }
    }

    @Override
    public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
        group.roleChanged(cell);
    }

    @Override
    public void notifyLeaderReady() {
        group.roleChanged(cell);
    }

    @Override
    public void notifyNotLeader(Collection<TransactionContext> pending) {
        group.roleChanged(cell);
    }

    @Override
    public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto failedEntry) {
        loop.execute(() -> replica.stop("writing the log", cause));
    }

    @Override
    public long takeSnapshot() throws IOException {
        Throwable failure = replica.failure();
        if (failure != null) {
            throw new IOException("the replica of cell " + cell + " has stopped", failure);
        }
        LogIndex latest = snapshots.latestIndex();
        return latest.equals(LogIndex.NONE) ? RaftLog.INVALID_LOG_INDEX : latest.value();
    }

    @Override
    public StateMachineStorage getStateMachineStorage() {
        return snapshots;
    }

    /**
     * Makes way for a snapshot from the leader. One that comes close behind another is refused, and sent again: Ratis
     * ends the installation of the first with a mark that would wipe out the mark that there is a second one, and would
     * leave this copy as it is for ever.
     */
    @Override
    public void pause() {
        if (System.nanoTime() - openedNanos < SETTLED_NANOS) {
            throw new IllegalStateException("cell " + cell + " has just had another snapshot");
        }
        getLifeCycle().transition(LifeCycle.State.PAUSING);
        try {
            await("pausing the store", writer.pause());
        } catch (IOException e) {
            loop.execute(() -> replica.stop("making way for the leader's snapshot", e));
        }
        getLifeCycle().transition(LifeCycle.State.PAUSED);
    }

    @Override
    public void reinitialize() throws IOException {
        try {
            await("storing what is applied", replica.drain().toCompletableFuture());
            getLifeCycle().startAndTransition(this::open, IOException.class);
            openedNanos = System.nanoTime();
        } catch (IOException e) {
            loop.execute(() -> replica.stop("installing the leader's snapshot", e));
            throw e;
        }
        events.heard(new RaftEvent.SnapshotInstalled(cell, new LogIndex(Math.max(0, storedIndex))));
    }

    /** Comes behind {@link #close}, unless this server's part in the group was ended from here. */
    @Override
    public void notifyServerShutdown(RoleInfoProto role, boolean allGroups) {
        if (!allGroups) {
            expelled = true;
            group.expelled(cell);
        }
    }

    /**
     * The end of the group here. Ratis ends one by itself when this server was taken out of it, and says so; and when
     * something fails it, and goes on without.
     */
    @Override
    public void close() throws IOException {
        boolean unwanted = replica.failure() == null && !group.mayEnd(cell);
        try {
            getLifeCycle().checkStateAndClose(this::closeStore);
        } finally {
            if (unwanted) {
                IOException cause = new IOException("Ratis closed the group: its last error says why");
                loop.after(REASON_WAIT, () -> {
                    if (!expelled) {
                        replica.stop("following its group", cause);
                    }
                });
            }
        }
    }

    private void closeStore() throws IOException {
        try {
            if (replica.failure() == null) {
                await("storing what is applied", replica.drain().toCompletableFuture());
            }
            writer.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("closing cell " + cell + " was interrupted", e);
        }
    }
}
