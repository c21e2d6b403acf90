package org.anylease.raft.ratis;

import static org.anylease.raft.ratis.TestCells.CELL;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.anylease.raft.disk.DurableFile;
import org.anylease.raft.event.RaftEvent;
import org.anylease.raft.liveness.CellReport;
import org.anylease.raft.membership.SnapshotPolicy;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.Outcome;
import org.anylease.store.state.LeaseDigest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SnapshotTest {
    /** Segments of the log of 32 KB, so that a few thousand leases fill several. */
    private static final SnapshotPolicy OFTEN = new SnapshotPolicy(1_000_000, 256 << 10, 2);

    @TempDir
    Path directory;

    @Test
    void anEmptyServerCatchesUpFromASnapshotWhileLoadRuns() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, OFTEN, CELL)) {
            ServerId late = cluster.servers.get(2);
            cluster.start(cluster.servers.get(0));
            cluster.start(cluster.servers.get(1));
            TestServer leader = cluster.leader(CELL);
            leader.commit(CELL, TestCells.applyConfig(CELL));
            load(leader, 0, 2500);
            LogIndex snapshot =
                    leader.log().snapshot(CELL).toCompletableFuture().get(20, TimeUnit.SECONDS);
            awaitPurged(leader, snapshot);

            List<CompletableFuture<Outcome.Bound>> running = new ArrayList<>();
            for (int client = 2500; client < 3000; client++) {
                running.add(leader.lease(CELL, client));
            }
            TestServer empty = cluster.start(late);
            for (CompletableFuture<Outcome.Bound> lease : running) {
                lease.get(20, TimeUnit.SECONDS);
            }
            RatisLeaseLogTest.awaitAgreement(cluster);
            assertThat(empty.events).anyMatch(RaftEvent.SnapshotInstalled.class::isInstance);

            // What was installed is also what a restart finds.
            LeaseDigest before = empty.onLoop(() -> empty.table(CELL).digest());
            cluster.stop(late);
            TestServer again = cluster.start(late);
            assertThat(again.onLoop(() -> again.table(CELL).digest())).isEqualTo(before);
            RatisLeaseLogTest.awaitAgreement(cluster);
        }
    }

    @Test
    void aVoterThatLostItsDiskComesBackWithoutAVoteOfItsOwn() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, SnapshotPolicy.STANDARD, CELL).startAll()) {
            cluster.leader(CELL).commit(CELL, TestCells.applyConfig(CELL));
            load(cluster.any(), 0, 200);
            RatisLeaseLogTest.awaitAgreement(cluster);
            ServerId wiped = cluster.follower(CELL).settings.server();
            cluster.stop(wiped);
            DurableFile.deleteTree(cluster.directory(wiped));
            load(cluster.leader(CELL), 200, 300);
            TestServer back = cluster.start(wiped);
            back.awaitQuorum(CELL);
            load(back, 300, 400);
            RatisLeaseLogTest.awaitAgreement(cluster);
            assertThat(back.events).contains(new RaftEvent.CellJoined(CELL, true));
        }
    }

    @Test
    void aRestartAfterASnapshotFindsEverything() throws Exception {
        LeaseDigest before;
        try (TestCluster cluster = new TestCluster(directory, 1, OFTEN, CELL).startAll()) {
            TestServer server = cluster.any();
            server.commit(CELL, TestCells.applyConfig(CELL));
            load(server, 0, 1500);
            LogIndex snapshot =
                    server.log().snapshot(CELL).toCompletableFuture().get(20, TimeUnit.SECONDS);
            awaitPurged(server, snapshot);
            load(server, 1500, 1600);
            before = server.onLoop(() -> server.table(CELL).digest());
            try (var view = server.log().view(CELL).toCompletableFuture().get(10, TimeUnit.SECONDS)) {
                assertThat(view.position().index())
                        .isGreaterThanOrEqualTo(
                                server.onLoop(() -> server.table(CELL).appliedIndex()));
                assertThat(view.bindings()).hasSizeGreaterThanOrEqualTo(1600);
            }
        }
        try (TestCluster cluster = new TestCluster(directory, 1, OFTEN, CELL).startAll()) {
            TestServer server = cluster.any();
            assertThat(server.onLoop(() -> server.table(CELL).digest())).isEqualTo(before);
        }
    }

    private static void load(TestServer server, int from, int to) throws Exception {
        List<CompletableFuture<Outcome.Bound>> leases = new ArrayList<>();
        for (int client = from; client < to; client++) {
            leases.add(server.lease(CELL, client));
        }
        for (CompletableFuture<Outcome.Bound> lease : leases) {
            lease.get(20, TimeUnit.SECONDS);
        }
    }

    private static void awaitPurged(TestServer server, LogIndex snapshot) throws Exception {
        ServerId self = server.settings.server();
        for (int attempt = 0; attempt < 500; attempt++) {
            CellReport report = server.onLoop(() -> server.log().report(CELL))
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            boolean purged = report.replicas().stream()
                    .anyMatch(replica -> replica.server().equals(self)
                            && replica.logFirst().value() > 1
                            && replica.snapshot().compareTo(snapshot) >= 0);
            if (purged) {
                assertThat(report.replicasAgree()).isTrue();
                return;
            }
        }
        throw new AssertionError("the log was not purged: " + server.events);
    }
}
