package org.anylease.raft.ratis;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.anylease.raft.liveness.Contact;
import org.anylease.raft.liveness.ReplicaReport;
import org.anylease.raft.membership.GroupMembers;
import org.anylease.raft.membership.RaftTimers;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.apache.ratis.proto.RaftProtos.CommitInfoProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/** What Ratis knows of a group, in this project's words. From any thread. */
final class GroupReading {
    /** Each attempt waits a second at most for the log's lock. */
    private static final int VOUCH_ATTEMPTS = 20;

    private GroupReading() {}

    /** What a replica hears of its group. */
    static Contact contact(RaftServer.Division division, ServerId self, RaftTimers timers) {
        DivisionInfo info = division.getInfo();
        int voters = division.getRaftConf().getCurrentPeers().size();
        RoleInfoProto role = info.getRoleInfoProto();
        long heardMillis = timers.electionMax().toMillis();
        return switch (role.getRole()) {
            case LEADER ->
                new Contact(
                        self,
                        info.isLeaderReady(),
                        Duration.ZERO,
                        (int) role.getLeaderInfo().getFollowerInfoList().stream()
                                .filter(follower -> follower.getLastRpcElapsedTimeMs() <= heardMillis)
                                .count(),
                        voters);
            case FOLLOWER, LISTENER ->
                new Contact(
                        serverOf(info.getLeaderId()),
                        false,
                        Duration.ofMillis(role.getFollowerInfo().getLeaderInfo().getLastRpcElapsedTimeMs()),
                        0,
                        voters);
            case CANDIDATE, UNRECOGNIZED -> new Contact(null, false, Duration.ZERO, 0, voters);
        };
    }

    static GroupMembers members(RaftServer.Division division) {
        RaftConfiguration configuration = division.getRaftConf();
        return new GroupMembers(
                named(configuration.getCurrentPeers()),
                named(configuration.getCurrentPeers(RaftPeerRole.LISTENER)),
                !configuration.getPreviousPeers().isEmpty());
    }

    private static List<ServerId> named(Collection<RaftPeer> peers) {
        return peers.stream().map(peer -> new ServerId(peer.getId().toString())).toList();
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

    static LogState logState(RaftServer.Division division, LogIndex snapshot) {
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

    /** Tells a group's log that entries up to this one are committed. Blocks for a moment. */
    static void vouch(RaftServer.Division division, CellId cell, ServerId self, LogIndex applied) throws IOException {
        RaftLog log = division.getRaftLog();
        for (int attempt = 0; attempt < VOUCH_ATTEMPTS; attempt++) {
            if (log.getLastCommittedIndex() >= applied.value()) {
                return;
            }
            if (log.getNextIndex() <= applied.value()) {
                throw new IOException("the log of cell " + cell + " on server " + self
                        + " ends with entry " + (log.getNextIndex() - 1) + ", though the server had applied entry "
                        + applied + " before: its disk was rolled back or damaged; empty the data directory, so that"
                        + " the server comes back with a new one");
            }
            // Not as a leader, who must have an entry of its own term committed first.
            log.updateCommitIndex(applied.value(), division.getInfo().getCurrentTerm(), false);
        }
        throw new IOException("the log of cell " + cell + " was in use and could not be applied up to " + applied);
    }
}
