package org.anylease.raft.ratis;

import java.util.TreeMap;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcFactory;
import org.apache.ratis.grpc.server.GrpcLogAppender;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;
import org.apache.ratis.server.raftlog.RaftLogIOException;
import org.jspecify.annotations.Nullable;

/**
 * Ratis' gRPC with leaders that never send a follower a longer batch from an index than they sent from it before.
 *
 * <p>A follower (Ratis 3.3.0, {@code ServerImplUtils.NavigableIndices.alreadyExists}) takes a batch for one that it is
 * writing already when both begin at the same index, and acknowledges it up to its own end, which may lie beyond what
 * it has. Two refusals in a row, such as of a heartbeat and of a batch after a restart, make a leader send such a pair.
 * The leader then counts entries that the follower lacks as replicated, and never sends them again.
 *
 * <p>Public with a public constructor, since Ratis makes it by reflection.
 */
public final class LogAppenders implements RpcType {
    /** Made by Ratis, which finds it by name. */
    public LogAppenders() {}

    @Override
    public String name() {
        return LogAppenders.class.getName();
    }

    @Override
    public RpcFactory newFactory(Parameters parameters) {
        return new GrpcFactory(parameters) {
            @Override
            public LogAppender newLogAppender(RaftServer.Division server, LeaderState state, FollowerInfo follower) {
                return new SameEndAppender(server, state, follower);
            }
        };
    }

    /** Used by its own thread, but for what Ratis' callbacks do with the follower. */
    private static final class SameEndAppender extends GrpcLogAppender {
        private final TreeMap<Long, Long> lastByFirst = new TreeMap<>();

        SameEndAppender(RaftServer.Division server, LeaderState state, FollowerInfo follower) {
            super(server, state, follower);
        }

        @Override
        public @Nullable AppendEntriesRequestProto newAppendEntriesRequest(long callId, boolean heartbeat)
                throws RaftLogIOException {
            AppendEntriesRequestProto request = super.newAppendEntriesRequest(callId, heartbeat);
            if (request == null || request.getEntriesCount() == 0) {
                return request;
            }
            // What the follower has is not sent again, so this forgets all but what is under way.
            lastByFirst.headMap(getFollower().getMatchIndex(), true).clear();
            long first = request.getEntries(0).getIndex();
            long last = request.getEntries(request.getEntriesCount() - 1).getIndex();
            long allowed = Math.min(last, lastByFirst.getOrDefault(first, last));
            lastByFirst.put(first, allowed);
            if (allowed == last) {
                return request;
            }
            return request.toBuilder()
                    .clearEntries()
                    .addAllEntries(request.getEntriesList().subList(0, Math.toIntExact(allowed - first + 1)))
                    .build();
        }
    }
}
