package org.anylease.chaos.cluster;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.anylease.chaos.sim.LeaseLogContract.Bench;
import org.anylease.chaos.sim.LeaseLogContract.LogTask;
import org.anylease.chaos.sim.Terrain;
import org.anylease.raft.link.LinkTransport;
import org.anylease.raft.loop.ServerLoop;
import org.anylease.raft.membership.Endpoint;
import org.anylease.raft.membership.Peer;
import org.anylease.raft.membership.RaftSettings;
import org.anylease.raft.membership.RaftTimers;
import org.anylease.raft.membership.SnapshotPolicy;
import org.anylease.raft.ratis.RatisLeaseLog;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.replication.LeaseLog;
import org.anylease.store.replication.QuorumState;
import org.anylease.store.state.LeaseTable;
import org.jspecify.annotations.Nullable;

/** Three logs over Ratis, each with a loop of its own, and a {@link Wire} from each to each. */
final class RatisBench implements Bench, AutoCloseable {
    /** Real machines stall: what should take a span is waited for so many times as long, and no longer than needed. */
    private static final int PATIENCE = 6;

    private static final Duration START_PATIENCE = Duration.ofSeconds(30);
    private static final long POLL_MILLIS = 20;

    private final Path directory;
    private final Terrain terrain = new Terrain(3);
    private final SortedMap<ServerId, Peer> real = new TreeMap<>();
    private final SortedMap<ServerId, SortedMap<ServerId, List<Wire>>> wires = new TreeMap<>();
    private final SortedMap<ServerId, RatisLeaseLog> logs = new TreeMap<>();
    private final SortedMap<ServerId, MultiThreadIoEventLoopGroup> loops = new TreeMap<>();
    private final TreeSet<ServerId> alone = new TreeSet<>();
    private final AtomicInteger unsettled = new AtomicInteger();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    RatisBench(Path directory) {
        this.directory = directory;
    }

    void start() {
        try {
            List<Endpoint> ports = freePorts(2 * servers().size());
            for (ServerId server : servers()) {
                real.put(server, new Peer(server, ports.removeFirst(), ports.removeFirst()));
            }
            for (ServerId server : servers()) {
                logs.put(server, log(server));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        await(START_PATIENCE, this::isCalm);
        ServerId first = servers().getFirst();
        on(
                first,
                log -> log.propose(
                        Terrain.CELL,
                        new LeaseCommand.ApplyConfig(terrain.config(Terrain.CELL, 1), 0, "test", Octets.EMPTY),
                        _ -> {}));
        await(START_PATIENCE, this::isCalm);
    }

    private static List<Endpoint> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        List<Endpoint> ports = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            sockets.add(socket);
            ports.add(new Endpoint("127.0.0.1", socket.getLocalPort()));
        }
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        return ports;
    }

    private RatisLeaseLog log(ServerId self) throws IOException {
        SortedMap<ServerId, Peer> peers = new TreeMap<>(Map.of(self, of(real, self)));
        SortedMap<ServerId, List<Wire>> own = new TreeMap<>();
        for (ServerId other : servers()) {
            if (!other.equals(self)) {
                Wire raft = new Wire(of(real, other).raft());
                Wire link = new Wire(of(real, other).link());
                own.put(other, List.of(raft, link));
                peers.put(other, new Peer(other, raft.beginning(), link.beginning()));
            }
        }
        wires.put(self, own);
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        loops.put(self, group);
        return RatisLeaseLog.start(
                new RaftSettings(
                        "contract",
                        self,
                        directory.resolve(self.name()),
                        peers,
                        new TreeMap<>(Map.of(Terrain.CELL, servers())),
                        RaftTimers.STANDARD,
                        SnapshotPolicy.STANDARD,
                        null),
                new ServerLoop(group.next(), failures::add),
                LinkTransport.NIO,
                InstantSource.system(),
                RandomGenerator.getDefault(),
                _ -> {});
    }

    private static <T> T of(SortedMap<ServerId, T> all, ServerId server) {
        return Objects.requireNonNull(all.get(server), () -> server + " is not started");
    }

    @Override
    public List<ServerId> servers() {
        return terrain.servers();
    }

    @Override
    public void on(ServerId server, LogTask task) {
        RatisLeaseLog log = of(logs, server);
        ask(server, () -> {
            task.run(new Counted(log));
            return true;
        });
    }

    private <T> T ask(ServerId server, Callable<T> question) {
        try {
            return of(loops, server).next().submit(question).get(START_PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AssertionError failed) {
                throw failed;
            }
            throw new IllegalStateException(e.getCause());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Counts what is not settled yet. */
    private final class Counted implements LeaseLog {
        private final LeaseLog log;

        Counted(LeaseLog log) {
            this.log = log;
        }

        @Override
        public void propose(
                CellId cell, LeaseCommand command, @Nullable Instant validUntil, ProposalListener listener) {
            unsettled.incrementAndGet();
            log.propose(cell, command, validUntil, proposal -> {
                listener.settled(proposal);
                unsettled.decrementAndGet();
            });
        }

        @Override
        public List<CellId> cells() {
            return log.cells();
        }

        @Override
        public LeaseTable table(CellId cell) {
            return log.table(cell);
        }

        @Override
        public LogIndex durable(CellId cell) {
            return log.durable(cell);
        }

        @Override
        public QuorumState quorum(CellId cell) {
            return log.quorum(cell);
        }

        @Override
        public void observe(Observer observer) {
            log.observe(observer);
        }
    }

    /** Lets a span pass, or less when nothing is going to happen any more. */
    @Override
    public void pass(Duration span) {
        await(span.multipliedBy(PATIENCE), this::isCalm);
        if (!failures.isEmpty()) {
            throw new AssertionError("a loop failed", failures.peek());
        }
    }

    private void await(Duration patience, Callable<Boolean> wanted) {
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            while (!wanted.call() && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether all is settled, each server's view of the quorum is as the wires are, and the copies are equal. */
    private boolean isCalm() {
        List<Object> states = new ArrayList<>();
        for (ServerId server : servers()) {
            RatisLeaseLog log = of(logs, server);
            boolean cutOff = alone.contains(server);
            boolean asItIs = ask(server, () -> {
                if (!log.cells().contains(Terrain.CELL)
                        || log.quorum(Terrain.CELL).reachable() == cutOff) {
                    return false;
                }
                if (!cutOff) {
                    LeaseTable table = log.table(Terrain.CELL);
                    states.add(List.of(table.appliedIndex(), table.digest()));
                }
                return true;
            });
            if (!asItIs) {
                return false;
            }
        }
        return unsettled.get() == 0 && states.stream().distinct().count() == 1;
    }

    @Override
    public void cut(ServerId server) {
        alone.add(server);
        of(wires, server).values().forEach(way -> way.forEach(Wire::cut));
        wires.values().forEach(ways -> ways.getOrDefault(server, List.of()).forEach(Wire::cut));
    }

    @Override
    public void heal() {
        alone.clear();
        wires.values().forEach(ways -> ways.values().forEach(way -> way.forEach(Wire::mend)));
    }

    @Override
    public void close() throws IOException {
        for (RatisLeaseLog log : logs.values()) {
            log.close();
        }
        for (MultiThreadIoEventLoopGroup group : loops.values()) {
            group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
        }
        for (SortedMap<ServerId, List<Wire>> ways : wires.values()) {
            for (List<Wire> way : ways.values()) {
                for (Wire wire : way) {
                    wire.close();
                }
            }
        }
    }
}
