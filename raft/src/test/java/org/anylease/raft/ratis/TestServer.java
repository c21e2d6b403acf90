package org.anylease.raft.ratis;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.anylease.raft.event.RaftEvent;
import org.anylease.raft.link.LinkTransport;
import org.anylease.raft.loop.ServerLoop;
import org.anylease.raft.membership.RaftSettings;
import org.anylease.store.cell.CellId;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome;
import org.anylease.store.replication.LeaseLog;
import org.anylease.store.replication.Proposal;
import org.anylease.store.replication.QuorumState;
import org.anylease.store.state.Applied;
import org.anylease.store.state.LeaseTable;

/** A server's log with a loop of its own, to be used from a test's thread. */
final class TestServer implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    final RaftSettings settings;
    final Queue<RaftEvent> events = new ConcurrentLinkedQueue<>();
    /** What tasks of the loop threw: a real server would have ended. */
    final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    private final MultiThreadIoEventLoopGroup group;
    private final EventLoop loop;
    private final RatisLeaseLog log;
    private final Queue<Watcher> watchers = new ConcurrentLinkedQueue<>();

    private record Watcher(Condition condition, CompletableFuture<Void> met) {}

    /** Something that the loop can see. */
    interface Condition {
        boolean holds(RatisLeaseLog log);
    }

    TestServer(RaftSettings settings) throws IOException {
        this(settings, InstantSource.system());
    }

    TestServer(RaftSettings settings, InstantSource clock) throws IOException {
        this.settings = settings;
        this.group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        this.loop = group.next();
        try {
            this.log = RatisLeaseLog.start(
                    settings,
                    new ServerLoop(loop, failures::add),
                    LinkTransport.NIO,
                    clock,
                    RandomGenerator.getDefault(),
                    events::add);
        } catch (IOException | RuntimeException e) {
            var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw e;
        }
        loop.execute(() -> log.observe(new LeaseLog.Observer() {
            @Override
            public void applied(CellId cell, Applied applied) {
                look();
            }

            @Override
            public void reloaded(CellId cell) {
                look();
            }

            @Override
            public void quorumChanged(CellId cell, QuorumState state) {
                look();
            }
        }));
        var _ = loop.scheduleAtFixedRate(this::look, 20, 20, TimeUnit.MILLISECONDS);
    }

    private void look() {
        watchers.removeIf(watcher -> {
            boolean holds = watcher.condition().holds(log);
            if (holds) {
                watcher.met().complete(null);
            }
            return holds;
        });
    }

    RatisLeaseLog log() {
        return log;
    }

    EventLoop loop() {
        return loop;
    }

    <T> T onLoop(Callable<T> task) throws Exception {
        return loop.submit(task).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    void await(Condition condition) throws Exception {
        CompletableFuture<Void> met = new CompletableFuture<>();
        loop.execute(() -> {
            watchers.add(new Watcher(condition, met));
            look();
        });
        met.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    void awaitQuorum(CellId cell) throws Exception {
        await(log -> log.cells().contains(cell) && log.quorum(cell).reachable());
    }

    LeaseTable table(CellId cell) {
        return log.table(cell);
    }

    /** The last entry in this server's log, as it says itself. */
    long logLast(CellId cell) throws Exception {
        return onLoop(() -> log.report(cell))
                .toCompletableFuture()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .replicas()
                .getFirst()
                .logLast()
                .value();
    }

    CompletableFuture<Proposal> propose(CellId cell, LeaseCommand command) {
        CompletableFuture<Proposal> settled = new CompletableFuture<>();
        loop.execute(() -> log.propose(cell, command, settled::complete));
        return settled;
    }

    Proposal.Committed commit(CellId cell, LeaseCommand command) throws Exception {
        Proposal proposal = propose(cell, command).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (proposal instanceof Proposal.Committed committed) {
            return committed;
        }
        throw new AssertionError("not committed but " + proposal + ", after " + events);
    }

    /** Leads a client through DISCOVER and REQUEST; the lease, or null when an outcome stayed unknown. */
    CompletableFuture<Outcome.Bound> lease(CellId cell, int client) {
        return propose(cell, TestCells.offer(client)).thenCompose(offered -> {
            if (!(offered
                    instanceof Proposal.Committed(var index, Outcome.Offered(var address, var time, var active)))) {
                return CompletableFuture.failedFuture(new AssertionError("offer: " + offered));
            }
            return propose(cell, TestCells.commit(client, address)).thenApply(bound -> {
                if (bound instanceof Proposal.Committed(var at, Outcome.Bound lease)) {
                    return lease;
                }
                throw new AssertionError("commit: " + bound);
            });
        });
    }

    @Override
    public void close() throws IOException {
        try {
            log.close();
        } finally {
            var _ = group.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }
}
