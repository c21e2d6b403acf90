package org.anylease.raft.ratis;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.anylease.raft.disk.DataDirectory;
import org.anylease.raft.liveness.Contact;
import org.anylease.raft.membership.CellGroup;
import org.anylease.raft.membership.GroupMembers;
import org.anylease.raft.membership.Peer;
import org.anylease.raft.membership.RaftSettings;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.GroupManagementRequest;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachine;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * This server's one {@link RaftServer}, with a group for each cell. Methods may be called from any thread; those
 * that block say so.
 *
 * <p>Ratis' asynchronous calls wait for a thread of its own that takes the group's lock: called on the loop they
 * would hold it up, and called from one of Ratis' completions, which may hold that lock, they would wait for ever.
 * So all of them are made on threads of this class; entries on one for each cell, which keeps their order.
 */
final class RatisNode {
    private final RaftSettings settings;
    private final RaftPeerId selfId;
    /** All servers that were ever named, this one included. */
    private final Map<ServerId, Peer> peers = new ConcurrentHashMap<>();

    private final RaftServer server;
    private final ClientId client = ClientId.randomId();
    private final AtomicLong calls = new AtomicLong();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("ratis-calls-", 0).factory());
    private final Map<CellId, ExecutorService> appenders = new ConcurrentHashMap<>();
    private final Map<CellId, RaftGroupId> groups = new ConcurrentHashMap<>();
    private final Map<RaftGroupId, CellId> cells = new ConcurrentHashMap<>();
    /** Those whose group is started here. Ratis makes whoever asks for one that is starting wait, and the loop must not. */
    private final Set<CellId> ready = ConcurrentHashMap.newKeySet();

    /** A node that is not started, with the cells whose groups may be on its disk; {@code machines} makes a state machine. */
    RatisNode(
            RaftSettings settings,
            DataDirectory data,
            Collection<CellId> known,
            Function<CellId, StateMachine> machines)
            throws IOException {
        this.settings = settings;
        this.peers.putAll(settings.peers());
        Peer self = peer(settings.server());
        selfId = RaftPeerId.valueOf(self.server().name());
        for (CellId cell : known) {
            know(cell, data.epoch(cell));
        }
        server = RaftServer.newBuilder()
                .setServerId(selfId)
                .setStateMachineRegistry(group -> machines.apply(cellOf(group)))
                .setProperties(RatisTuning.properties(settings, self, data))
                .setParameters(RatisTuning.parameters(settings))
                .setOption(RaftStorage.StartupOption.RECOVER)
                .build();
    }

    private Peer peer(ServerId id) {
        Peer peer = peers.get(id);
        if (peer == null) {
            throw new IllegalArgumentException(
                    "server " + id + " is not among the peers " + new TreeSet<>(peers.keySet()));
        }
        return peer;
    }

    /** Takes in where servers are. */
    void admit(Collection<Peer> named) {
        named.forEach(peer -> peers.put(peer.server(), peer));
    }

    /** Whether a server was named. */
    boolean knows(ServerId server) {
        return peers.containsKey(server);
    }

    /** Whether a cell's group is started here, and is to go on. */
    boolean isReady(CellId cell) {
        return ready.contains(cell);
    }

    /** Makes the name of a cell known, before its group is joined. */
    void know(CellId cell, long epoch) {
        RaftGroupId group = RaftGroupId.valueOf(
                CellGroup.of(settings.cluster(), cell, epoch).id());
        groups.put(cell, group);
        cells.put(group, cell);
    }

    private CellId cellOf(RaftGroupId group) {
        CellId cell = cells.get(group);
        if (cell == null) {
            throw new IllegalStateException("the data directory " + settings.dataDirectory()
                    + " holds the Raft group " + group.getUuid()
                    + " of a cell that neither the configuration nor the directory names; name the cell, or move the"
                    + " directory raft/"
                    + group.getUuid() + " away");
        }
        return cell;
    }

    /** Starts the server with the groups found on its disk. Blocks. */
    void start() throws IOException {
        try {
            server.start();
        } catch (CompletionException e) {
            throw new IOException("replication did not start: " + deepest(e), e);
        }
        server.getGroupIds().forEach(group -> ready.add(cellOf(group)));
    }

    /** Whether this server has a cell's group with a configuration: one without takes no part by itself. */
    boolean hasGroup(CellId cell) {
        if (!ready.contains(cell)) {
            return false;
        }
        try {
            return !server.getDivision(group(cell)).getGroup().getPeers().isEmpty();
        } catch (IOException e) {
            // Ratis' word for a group that is not there.
            return false;
        }
    }

    /**
     * Whether this server's log of a cell has an entry, or had one.
     *
     * @throws IOException while that is not known, since its group is starting
     */
    boolean hasHistory(CellId cell) throws IOException {
        RaftGroupId group = groups.get(cell);
        if (group == null
                || StreamSupport.stream(server.getGroupIds().spliterator(), false)
                        .noneMatch(group::equals)) {
            return false;
        }
        return started(cell).getRaftLog().getNextIndex() > 0;
    }

    /** Takes part in a cell's group. */
    CompletableFuture<@Nullable Void> join(CellId cell, List<ServerId> voters, CellFormation.Part part) {
        List<RaftPeer> members = new ArrayList<>();
        switch (part) {
            case FOUNDER -> voters.forEach(voter -> members.add(raftPeer(voter)));
            case LOST -> {}
            case NEWCOMER -> {
                // With an own role in the first configuration, else Ratis takes it for a voter once it hears of it.
                voters.stream()
                        .filter(voter -> !voter.equals(settings.server()))
                        .forEach(voter -> members.add(raftPeer(voter)));
                members.add(raftPeer(settings.server(), RaftPeerRole.LISTENER));
            }
        }
        RaftGroup raftGroup = RaftGroup.valueOf(group(cell), members);
        CompletableFuture<@Nullable Void> absent = CompletableFuture.completedFuture(null);
        if (StreamSupport.stream(server.getGroupIds().spliterator(), false).anyMatch(group(cell)::equals)) {
            if (part == CellFormation.Part.LOST) {
                return absent;
            }
            // An earlier process ended before the group's configuration reached the disk: once more, with one.
            absent = remove(cell, false);
        }
        CompletableFuture<@Nullable Void> added = absent.thenCompose(removed -> call(
                threads,
                () -> server.groupManagementAsync(
                        GroupManagementRequest.newAdd(client, selfId, calls.incrementAndGet(), raftGroup))));
        return added.<@Nullable Void>thenApply(done -> {
            ready.add(cell);
            return null;
        });
    }

    /** Ends this server's part in a cell's group; its state is closed when that completes. */
    CompletableFuture<@Nullable Void> remove(CellId cell, boolean withItsLog) {
        ready.remove(cell);
        return call(
                threads,
                () -> server.groupManagementAsync(GroupManagementRequest.newRemove(
                        client, selfId, calls.incrementAndGet(), group(cell), withItsLog, false)));
    }

    /**
     * Takes a voter that lost its disk out of a cell's configuration, and in again. Leading servers only. It is the
     * one safe way back: what the voter once said it has does not count any more, and it counts again only when it
     * has caught up. Ratis besides never sends a follower again what it once said it has.
     */
    CompletableFuture<@Nullable Void> readmit(CellId cell, ServerId lost) {
        try {
            GroupMembers members = GroupReading.members(server.getDivision(group(cell)));
            List<ServerId> without = new ArrayList<>(members.voters());
            without.remove(lost);
            List<ServerId> with = new ArrayList<>(without);
            with.add(lost);
            return configure(cell, without, members.listeners())
                    .thenCompose(removed -> configure(cell, with, members.listeners()));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Makes these servers the members of a cell's group. Leading servers only. */
    CompletableFuture<@Nullable Void> configure(CellId cell, List<ServerId> voters, List<ServerId> listeners) {
        try {
            RaftConfiguration now = server.getDivision(group(cell)).getRaftConf();
            SetConfigurationRequest request = new SetConfigurationRequest(
                    client,
                    selfId,
                    group(cell),
                    calls.incrementAndGet(),
                    SetConfigurationRequest.Arguments.newBuilder()
                            .setServersInNewConf(placed(now, voters))
                            .setListenersInNewConf(placed(now, listeners))
                            .build());
            return call(threads, () -> server.setConfigurationAsync(request));
        } catch (IOException | IllegalArgumentException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Where servers are: as this server was told, or else as the group says. */
    private List<RaftPeer> placed(RaftConfiguration now, List<ServerId> servers) {
        List<RaftPeer> placed = new ArrayList<>();
        for (ServerId id : servers) {
            RaftPeer known = now.getPeer(RaftPeerId.valueOf(id.name()), RaftPeerRole.FOLLOWER, RaftPeerRole.LISTENER);
            placed.add(peers.containsKey(id) || known == null ? raftPeer(id) : known);
        }
        return placed;
    }

    private RaftPeer raftPeer(ServerId voter) {
        return raftPeer(voter, RaftPeerRole.FOLLOWER);
    }

    private RaftPeer raftPeer(ServerId server, RaftPeerRole role) {
        // All of one priority: with a higher one alive nobody else can be elected or be handed the lead, and with a
        // higher one dead every election waits for it.
        return RaftPeer.newBuilder()
                .setId(server.name())
                .setAddress(peer(server).raft().toString())
                .setStartupRole(role)
                .build();
    }

    /** Leaves a cell's group without deleting anything. Blocks until its replica is closed. */
    void leave(CellId cell) throws IOException {
        server.getDivision(group(cell)).close();
    }

    private RaftGroupId group(CellId cell) {
        RaftGroupId group = groups.get(cell);
        if (group == null) {
            throw new IllegalArgumentException("server " + settings.server() + " has no copy of cell " + cell);
        }
        return group;
    }

    private static @Nullable Void accepted(RaftClientReply reply) {
        if (!reply.isSuccess()) {
            throw new CompletionException(reply.getException());
        }
        return null;
    }

    static String deepest(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    /** Appends an entry as the leader; completes when it is applied here. */
    CompletableFuture<@Nullable Void> append(CellId cell, byte[] entry) {
        ByteString bytes = UnsafeByteOperations.unsafeWrap(entry);
        RaftClientRequest request = RaftClientRequest.newBuilder()
                .setClientId(client)
                .setServerId(selfId)
                .setGroupId(group(cell))
                .setCallId(calls.incrementAndGet())
                .setMessage(Message.valueOf(bytes))
                .setType(RaftClientRequest.writeRequestType())
                .build();
        return call(
                appenders.computeIfAbsent(cell, RatisNode::newAppender),
                () -> taker(cell).submitClientRequestAsync(request));
    }

    /**
     * Who takes a cell's requests on the caller's thread. The server itself would hand each to another thread, and hold
     * the caller up until that one has entered it.
     */
    private RaftClientAsynchronousProtocol taker(CellId cell) throws IOException {
        return server.getDivision(group(cell)) instanceof RaftClientAsynchronousProtocol division ? division : server;
    }

    private static ExecutorService newAppender(CellId cell) {
        return Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("append-" + cell.name()).daemon().factory());
    }

    /** Makes one of Ratis' calls on a thread that may be held up. */
    private static CompletableFuture<@Nullable Void> call(
            ExecutorService thread, Callable<CompletableFuture<RaftClientReply>> request) {
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        try {
            thread.execute(() -> {
                try {
                    var _ = request.call().thenApply(RatisNode::accepted).whenComplete((nothing, failure) -> {
                        if (failure == null) {
                            done.complete(null);
                        } else {
                            done.completeExceptionally(failure);
                        }
                    });
                } catch (Exception e) {
                    done.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            done.completeExceptionally(new IOException("this server is closing", e));
        }
        return done;
    }

    /** Tells Raft that entries up to this one are committed, for somebody who knows: it had applied them before. */
    CompletableFuture<@Nullable Void> vouch(CellId cell, LogIndex applied) {
        return CompletableFuture.<@Nullable Void>supplyAsync(
                () -> {
                    try {
                        GroupReading.vouch(started(cell), cell, settings.server(), applied);
                        return null;
                    } catch (IOException e) {
                        throw new CompletionException(e);
                    }
                },
                threads);
    }

    /**
     * Lets the log up to a published snapshot go. Ratis' own request for a snapshot would do nothing here: it sees
     * that the latest one is new already.
     */
    CompletableFuture<Long> purge(CellId cell, LogIndex upTo) {
        try {
            return server.getDivision(group(cell)).getRaftLog().purge(upTo.value());
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * Forgets the connection to a peer that has just come up, unless it works. gRPC waits longer and longer, up to two
     * minutes, before it dials a peer again that refused, and a connection whose packets were lost waits for TCP's
     * retransmission as long: candidates would get no vote meanwhile, and followers no entries.
     */
    void reconnect(ServerId peer) {
        if (isHeard(peer)) {
            return;
        }
        try {
            threads.execute(() -> {
                // Ratis gives the calls under way three seconds to end, unless who closes the connection is
                // interrupted.
                Thread.currentThread().interrupt();
                server.getServerRpc()
                        .handleException(
                                RaftPeerId.valueOf(peer.name()), new IOException(peer + " has come up again"), true);
            });
        } catch (RejectedExecutionException e) {
            // This server is closing, and needs no connection any more.
        }
    }

    /** Whether this server leads a cell and has heard of a peer lately, on the connection that it made to it. */
    private boolean isHeard(ServerId peer) {
        long heardMillis = settings.timers().electionMax().toMillis();
        for (CellId cell : groups.keySet()) {
            try {
                RoleInfoProto role = started(cell).getInfo().getRoleInfoProto();
                if (role.getLeaderInfo().getFollowerInfoList().stream()
                        .anyMatch(follower ->
                                follower.getId().getId().toStringUtf8().equals(peer.name())
                                        && follower.getLastRpcElapsedTimeMs() <= heardMillis)) {
                    return true;
                }
            } catch (IOException e) {
                // The group is closed or not there yet: nobody is heard in it.
            }
        }
        return false;
    }

    /** Hands leadership of a cell to a voter. */
    CompletableFuture<@Nullable Void> transfer(CellId cell, ServerId to, Duration timeout) {
        TransferLeadershipRequest request = new TransferLeadershipRequest(
                client,
                selfId,
                group(cell),
                calls.incrementAndGet(),
                RaftPeerId.valueOf(to.name()),
                timeout.toMillis());
        return call(threads, () -> server.transferLeadershipAsync(request));
    }

    /** This server's part in a cell's group, once it has started: before that Ratis knows no role for it. */
    private RaftServer.Division started(CellId cell) throws IOException {
        if (!ready.contains(cell)) {
            throw new IOException("the copy of cell " + cell + " is still starting");
        }
        RaftServer.Division division = server.getDivision(group(cell));
        LifeCycle.State state = division.getInfo().getLifeCycleState();
        if (state == LifeCycle.State.NEW || state == LifeCycle.State.STARTING) {
            throw new IOException("the copy of cell " + cell + " is still starting");
        }
        return division;
    }

    /** What this server's replica of a cell hears of its group. */
    Contact contact(CellId cell) {
        try {
            return GroupReading.contact(started(cell), settings.server(), settings.timers());
        } catch (IOException e) {
            // The group is closed or not there yet: nothing is heard of it.
            return new Contact(null, false, Duration.ZERO, 0, 1);
        }
    }

    /** Who takes part in a cell's group, as far as this server's log goes. */
    GroupMembers members(CellId cell) {
        try {
            return GroupReading.members(started(cell));
        } catch (IOException e) {
            // As above.
            return GroupMembers.NONE;
        }
    }

    GroupReading.LogState logState(CellId cell, LogIndex snapshot) throws IOException {
        return GroupReading.logState(started(cell), snapshot);
    }

    /** Ends the server and its replicas. Blocks; the loop must go on meanwhile. */
    void close() throws IOException {
        ready.clear();
        threads.shutdown();
        appenders.values().forEach(ExecutorService::shutdown);
        server.close();
    }
}
