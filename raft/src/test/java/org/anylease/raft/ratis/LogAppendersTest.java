package org.anylease.raft.ratis;

import static org.anylease.raft.ratis.TestCells.CELL;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.anylease.raft.membership.SnapshotPolicy;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.apache.ratis.grpc.server.GrpcServicesImpl;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.util.CodeInjectionForTesting;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What leaders send to a follower that comes back and answers slowly: it refuses several heartbeats in a row, while
 * entries are added. See {@link LogAppenders} for what a longer batch from the same entry would do.
 */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LogAppendersTest {
    private static final String FOLLOWER_APPENDS = "RaftServerImpl.appendEntries";
    private static final long SLOW_MILLIS = 120;
    private static final int RETURNS_MAX = 5;

    @TempDir
    Path directory;

    /** Notes what is sent to one follower. Ratis' threads tell it. */
    private static final class Sent implements CodeInjectionForTesting.Code {
        private final String follower;
        private final TreeMap<String, Long> lastByFirst = new TreeMap<>();
        private final List<String> longer = new ArrayList<>();
        private int repeated;

        Sent(ServerId follower) {
            this.follower = follower.name();
        }

        @Override
        public synchronized boolean execute(Object local, Object remote, Object... arguments) {
            if (arguments[0] instanceof AppendEntriesRequestProto request
                    && request.getEntriesCount() > 0
                    && request.getServerRequest().getReplyId().toStringUtf8().equals(follower)) {
                long last = request.getEntries(request.getEntriesCount() - 1).getIndex();
                // Each leader, and each term of it, has an appender of its own.
                String first = local + " in term " + request.getLeaderTerm() + " from "
                        + request.getEntries(0).getIndex();
                Long before = lastByFirst.putIfAbsent(first, last);
                if (before != null) {
                    repeated++;
                    if (last > before) {
                        longer.add(first + " to " + before + ", then to " + last);
                    }
                }
            }
            return false;
        }

        synchronized int repeated() {
            return repeated;
        }

        synchronized List<String> longer() {
            return List.copyOf(longer);
        }
    }

    @AfterEach
    void endInjection() {
        CodeInjectionForTesting.remove(GrpcServicesImpl.GRPC_SEND_SERVER_REQUEST);
        CodeInjectionForTesting.remove(FOLLOWER_APPENDS);
    }

    @Test
    void neverSendALongerBatchFromTheSameEntryAgain() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, SnapshotPolicy.STANDARD, CELL).startAll()) {
            cluster.leader(CELL).commit(CELL, TestCells.applyConfig(CELL));
            ServerId late = cluster.follower(CELL).settings.server();
            Sent sent = new Sent(late);
            CodeInjectionForTesting.put(GrpcServicesImpl.GRPC_SEND_SERVER_REQUEST, sent);
            CodeInjectionForTesting.put(
                    FOLLOWER_APPENDS,
                    (local, remote, arguments) -> late.name().equals(String.valueOf(local)) && dawdle());
            int client = 0;
            for (int returned = 0; returned < RETURNS_MAX && sent.repeated() == 0; returned++) {
                cluster.stop(late);
                TestServer leader = cluster.leader(CELL);
                for (int i = 0; i < 20; i++) {
                    leader.lease(CELL, client++).get(20, TimeUnit.SECONDS);
                }
                LogIndex goal = leader.onLoop(() -> leader.table(CELL).appliedIndex());
                TestServer back = cluster.start(late);
                // Entries are added until it has what was there when it came back.
                while (!back.onLoop(() -> back.log().cells().contains(CELL)
                        && back.table(CELL).appliedIndex().compareTo(goal) >= 0)) {
                    leader.lease(CELL, client++).get(20, TimeUnit.SECONDS);
                }
            }
            assertThat(sent.repeated()).as("batches sent again after a refusal").isPositive();
            assertThat(sent.longer()).isEmpty();
            RatisLeaseLogTest.awaitAgreement(cluster);
        }
    }

    private static boolean dawdle() {
        try {
            TimeUnit.MILLISECONDS.sleep(SLOW_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return true;
    }
}
