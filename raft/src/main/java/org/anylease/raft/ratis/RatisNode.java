package org.anylease.raft.ratis;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.anylease.raft.disk.DataDirectory;
import org.anylease.raft.liveness.Contact;
import org.anylease.raft.liveness.ReplicaReport;
import org.anylease.raft.membership.CellGroup;
import org.anylease.raft.membership.Peer;
import org.anylease.raft.membership.RaftSettings;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.apache.ratis.proto.RaftProtos.CommitInfoProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.GroupManagementRequest;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.util.LifeCycle;
import org.apache.ratis.statemachine.StateMachine;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * This server's one {@link RaftServer}, with a group for each cell. Methods may be called from any thread; those
 * that block say so.
 */
final class RatisNode {
    private final RaftSettings settings;
    private final RaftPeerId selfId;
    private final RaftServer server;
    private final ClientId client = ClientId.randomId();
    private final AtomicLong calls = new AtomicLong();
    private final Map<CellId, RaftGroupId> groups = new ConcurrentHashMap<>();
    private final Map<RaftGroupId, CellId> cells = new ConcurrentHashMap<>();

    /** A node that is not started. {@code machines} makes the state machine of a cell. */
    RatisNode(RaftSettings settings, DataDirectory data, Function<CellId, StateMachine> machines) throws IOException {
        this.settings = settings;
        Peer self = peer(settings.server());
        selfId = RaftPeerId.valueOf(self.server().name());
        settings.cells().keySet().forEach(this::know);
        server = RaftServer.newBuilder()
                .setServerId(selfId)
                .setStateMachineRegistry(group -> machines.apply(cellOf(group)))
                .setProperties(RatisTuning.properties(settings, self, data))
                .setParameters(RatisTuning.parameters(settings))
                .setOption(RaftStorage.StartupOption.RECOVER)
                .build();
    }

    private Peer peer(ServerId id) {
        Peer peer = settings.peers().get(id);
        if (peer == null) {
            throw new IllegalArgumentException("server " + id + " is not among the peers " + settings.peers().keySet());
        }
        return peer;
    }

    private void know(CellId cell) {
        RaftGroupId group = RaftGroupId.valueOf(CellGroup.of(settings.cluster(), cell).id());
        groups.put(cell, group);
        cells.put(group, cell);
    }

    private CellId cellOf(RaftGroupId group) {
        CellId cell = cells.get(group);
        if (cell == null) {
            throw new IllegalStateException("the data directory " + settings.dataDirectory()
                    + " holds the Raft group " + group.getUuid()
                    + " of a cell that the configuration does not name; name the cell, or move the directory raft/"
                    + group.getUuid() + " away");
        }
        return cell;
    }

    /** Starts the server with the groups found on its disk, and forms those not found. Blocks. */
    void start() throws IOException {
        try {
            server.start();
            for (Map.Entry<CellId, List<ServerId>> cell : settings.cells().entrySet()) {
                if (!hasGroup(cell.getKey())) {
                    addGroup(cell.getKey(), cell.getValue()).join();
                }
            }
        } catch (CompletionException e) {
            throw new IOException("replication did not start: " + deepest(e), e);
        }
    }

    private boolean hasGroup(CellId cell) throws IOException {
        for (RaftGroup group : server.getGroups()) {
            if (group.getGroupId().equals(groups.get(cell))) {
                if (!group.getPeers().isEmpty()) {
                    return true;
                }
                // The last process ended before the group's configuration reached the disk: start it with one.
                require(server.groupManagement(
                        GroupManagementRequest.newRemove(client, selfId, calls.incrementAndGet(), group.getGroupId(), false, false)));
            }
        }
        return false;
    }

    /** Adds a cell's group to this server. */
    CompletableFuture<@Nullable Void> addGroup(CellId cell, List<ServerId> voters) {
        settings.checkVoters(cell, voters);
        know(cell);
        CellGroup group = CellGroup.of(settings.cluster(), cell);
        List<RaftPeer> peers = new ArrayList<>();
        for (ServerId voter : voters) {
            // All of one priority: with a higher one alive nobody else can be elected or be handed the lead, and
            // with a higher one dead every election waits for it.
            peers.add(RaftPeer.newBuilder()
                    .setId(voter.name())
                    .setAddress(peer(voter).raft().toString())
                    .build());
        }
        RaftGroup raftGroup = RaftGroup.valueOf(RaftGroupId.valueOf(group.id()), peers);
        return server.groupManagementAsync(
                        GroupManagementRequest.newAdd(client, selfId, calls.incrementAndGet(), raftGroup))
                .thenApply(RatisNode::accepted);
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

    private static void require(RaftClientReply reply) throws IOException {
        if (!reply.isSuccess()) {
            throw new IOException(reply.getException());
        }
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
        try {
            return server.submitClientRequestAsync(request).thenApply(RatisNode::accepted);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
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

    /** Hands leadership of a cell to a voter. */
    CompletableFuture<@Nullable Void> transfer(CellId cell, ServerId to, Duration timeout) {
        try {
            return server.transferLeadershipAsync(new TransferLeadershipRequest(
                            client,
                            selfId,
                            group(cell),
                            calls.incrementAndGet(),
                            RaftPeerId.valueOf(to.name()),
                            timeout.toMillis()))
                    .thenApply(RatisNode::accepted);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** This server's part in a cell's group, once it has started: before that Ratis knows no role for it. */
    private RaftServer.Division started(CellId cell) throws IOException {
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
            RaftServer.Division division = started(cell);
            DivisionInfo info = division.getInfo();
            int voters = division.getRaftConf().getCurrentPeers().size();
            RoleInfoProto role = info.getRoleInfoProto();
            long heardMillis = settings.timers().electionMax().toMillis();
            return switch (role.getRole()) {
                case LEADER -> new Contact(
                        settings.server(),
                        info.isLeaderReady(),
                        Duration.ZERO,
                        (int) role.getLeaderInfo().getFollowerInfoList().stream()
                                .filter(follower -> follower.getLastRpcElapsedTimeMs() <= heardMillis)
                                .count(),
                        voters);
                case FOLLOWER, LISTENER -> new Contact(
                        serverOf(info.getLeaderId()),
                        false,
                        Duration.ofMillis(
                                role.getFollowerInfo().getLeaderInfo().getLastRpcElapsedTimeMs()),
                        0,
                        voters);
                case CANDIDATE, UNRECOGNIZED -> new Contact(null, false, Duration.ZERO, 0, voters);
            };
        } catch (IOException e) {
            // The group is closed or not there yet: nothing is heard of it.
            return new Contact(null, false, Duration.ZERO, 0, 1);
        }
    }

    private static @Nullable ServerId serverOf(@Nullable RaftPeerId peer) {
        return peer == null ? null : new ServerId(peer.toString());
    }

    /** The log of a cell as the report shows it. */
    record LogState(
            long term,
            LogIndex committed,
            LogIndex first,
            LogIndex last,
            LogIndex snapshot,
            long contactMillis,
            List<ReplicaReport.Follower> followers) {}

    LogState logState(CellId cell, LogIndex snapshot) throws IOException {
        RaftServer.Division division = started(cell);
        RaftLog log = division.getRaftLog();
        DivisionInfo info = division.getInfo();
        RoleInfoProto role = info.getRoleInfoProto();
        List<ReplicaReport.Follower> followers = new ArrayList<>();
        Collection<CommitInfoProto> commits = division.getCommitInfos();
        long contact = role.getFollowerInfo().getLeaderInfo().getLastRpcElapsedTimeMs();
        if (info.isLeader()) {
            long[] contacts = role.getLeaderInfo().getFollowerInfoList().stream()
                    .mapToLong(ServerRpcProto::getLastRpcElapsedTimeMs)
                    .sorted()
                    .toArray();
            contact = contacts.length == 0 ? 0 : contacts[(contacts.length - 1) / 2];
            for (ServerRpcProto follower : role.getLeaderInfo().getFollowerInfoList()) {
                followers.add(new ReplicaReport.Follower(
                        new ServerId(follower.getId().getId().toStringUtf8()),
                        follower.getLastRpcElapsedTimeMs(),
                        committedOf(follower.getId().getId(), commits)));
            }
        }
        return new LogState(
                info.getCurrentTerm(),
                indexOf(log.getLastCommittedIndex()),
                indexOf(log.getStartIndex()),
                indexOf(log.getNextIndex() - 1),
                snapshot,
                contact,
                followers);
    }

    private static LogIndex committedOf(ByteString peer, Collection<CommitInfoProto> commits) {
        for (CommitInfoProto commit : commits) {
            if (commit.getServer().getId().equals(peer)) {
                return indexOf(commit.getCommitIndex());
            }
        }
        return LogIndex.NONE;
    }

    private static LogIndex indexOf(long index) {
        return new LogIndex(Math.max(0, index));
    }

    /** Ends the server and its replicas. Blocks; the loop must go on meanwhile. */
    void close() throws IOException {
        server.close();
    }
}
