package org.anylease.raft.ratis;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.anylease.raft.membership.Endpoint;
import org.anylease.raft.membership.Peer;
import org.anylease.raft.membership.RaftSettings;
import org.anylease.raft.membership.RaftTimers;
import org.anylease.raft.membership.SnapshotPolicy;
import org.anylease.raft.membership.TlsFiles;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;

/** Servers of one cluster on the loopback address, each in a directory of its own. */
final class TestCluster implements AutoCloseable {
    final SortedMap<ServerId, TestServer> running = new TreeMap<>();
    final List<ServerId> servers = new ArrayList<>();
    /** The TLS files of each server; those without talk in the clear. */
    final SortedMap<ServerId, TlsFiles> tls = new TreeMap<>();

    /** How far each server's clock is ahead. */
    final Map<ServerId, Duration> clocksAhead = new ConcurrentSkipListMap<>();

    private final Path root;
    private final SortedMap<ServerId, Peer> peers = new TreeMap<>();
    private final List<CellId> cells;
    private final SnapshotPolicy snapshots;

    TestCluster(Path root, int size, SnapshotPolicy snapshots, CellId... cells) throws IOException {
        this.root = root;
        this.cells = List.of(cells);
        this.snapshots = snapshots;
        List<Endpoint> ports = freePorts(2 * size);
        for (int i = 0; i < size; i++) {
            ServerId server = new ServerId("s" + (i + 1));
            servers.add(server);
            peers.put(server, new Peer(server, ports.get(2 * i), ports.get(2 * i + 1)));
        }
    }

    static List<Endpoint> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        List<Endpoint> ports = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                sockets.add(socket);
                ports.add(new Endpoint("127.0.0.1", socket.getLocalPort()));
            }
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
        return ports;
    }

    RaftSettings settings(ServerId server) {
        SortedMap<CellId, List<ServerId>> voters = new TreeMap<>();
        cells.forEach(cell -> voters.put(cell, servers));
        return new RaftSettings(
                "test", server, directory(server), peers, voters, RaftTimers.STANDARD, snapshots, tls.get(server));
    }

    /** The settings of a server that knows of some only. */
    RaftSettings settings(ServerId server, List<ServerId> known, List<ServerId> voters) {
        SortedMap<ServerId, Peer> some = new TreeMap<>(peers);
        some.keySet().retainAll(known);
        SortedMap<CellId, List<ServerId>> voting = new TreeMap<>();
        cells.forEach(cell -> voting.put(cell, voters));
        RaftSettings all = settings(server);
        return new RaftSettings(
                all.cluster(), server, directory(server), some, voting, all.timers(), snapshots, all.tls());
    }

    Peer peer(ServerId server) {
        Peer found = peers.get(server);
        if (found == null) {
            throw new AssertionError("no server " + server);
        }
        return found;
    }

    Path directory(ServerId server) {
        return root.resolve(server.name());
    }

    TestServer start(ServerId server) throws IOException {
        return start(server, settings(server));
    }

    TestServer start(ServerId server, RaftSettings with) throws IOException {
        TestServer started =
                new TestServer(with, () -> Instant.now().plus(clocksAhead.getOrDefault(server, Duration.ZERO)));
        running.put(server, started);
        return started;
    }

    TestCluster startAll() throws IOException {
        for (ServerId server : servers) {
            start(server);
        }
        return this;
    }

    void stop(ServerId server) throws IOException {
        TestServer stopped = running.remove(server);
        if (stopped != null) {
            stopped.close();
        }
    }

    TestServer any() {
        return running.firstEntry().getValue();
    }

    /** A running server. */
    TestServer server(ServerId id) {
        TestServer found = running.get(id);
        if (found == null) {
            throw new AssertionError("server " + id + " is not running");
        }
        return found;
    }

    /** The leader, once everybody agrees on one. */
    TestServer leader(CellId cell) throws Exception {
        while (true) {
            for (TestServer server : running.values()) {
                server.awaitQuorum(cell);
            }
            // It may have been lost again since.
            ServerId leader = any().onLoop(
                            () -> Optional.ofNullable(any().log().quorum(cell).leader()))
                    .orElse(null);
            TestServer found = leader == null ? null : running.get(leader);
            if (found != null) {
                return found;
            }
            if (leader != null) {
                throw new AssertionError("the leader " + leader + " is not running");
            }
        }
    }

    TestServer follower(CellId cell) throws Exception {
        TestServer leader = leader(cell);
        return running.values().stream()
                .filter(server -> server != leader)
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() throws IOException {
        for (ServerId server : List.copyOf(running.keySet())) {
            stop(server);
        }
    }
}
