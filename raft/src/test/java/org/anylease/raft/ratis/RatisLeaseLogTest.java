package org.anylease.raft.ratis;

import static org.anylease.raft.ratis.TestCells.CELL;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.anylease.raft.event.RaftEvent;
import org.anylease.raft.membership.SnapshotPolicy;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.codec.EntryCodec;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome;
import org.anylease.store.replication.Proposal;
import org.anylease.store.state.LeaseDigest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RatisLeaseLogTest {
    @TempDir
    Path directory;

    @Test
    void servesACellOfOneServerAndFindsItAgainAfterARestart() throws Exception {
        LeaseDigest before;
        LogIndex index;
        try (TestCluster cluster = new TestCluster(directory, 1, SnapshotPolicy.STANDARD, CELL).startAll()) {
            TestServer server = cluster.any();
            server.commit(CELL, TestCells.applyConfig(CELL));
            for (int client = 0; client < 20; client++) {
                server.lease(CELL, client).get(10, TimeUnit.SECONDS);
            }
            before = server.onLoop(() -> server.table(CELL).digest());
            index = server.onLoop(() -> server.table(CELL).appliedIndex());
        }
        try (TestCluster cluster = new TestCluster(directory, 1, SnapshotPolicy.STANDARD, CELL).startAll()) {
            TestServer server = cluster.any();
            assertThat(server.onLoop(() -> server.table(CELL).digest())).isEqualTo(before);
            server.awaitQuorum(CELL);
            Outcome.Bound lease = server.lease(CELL, 5).get(10, TimeUnit.SECONDS);
            assertThat(lease.address()).isNotNull();
            assertThat(server.onLoop(() -> server.table(CELL).appliedIndex())).isGreaterThan(index);
        }
    }

    @Test
    void takesCommandsFromEveryServerAndAllReplicasAgree() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, SnapshotPolicy.STANDARD, CELL).startAll()) {
            cluster.leader(CELL).commit(CELL, TestCells.applyConfig(CELL));
            List<CompletableFuture<Outcome.Bound>> leases = new ArrayList<>();
            int client = 0;
            for (int round = 0; round < 100; round++) {
                for (TestServer server : cluster.running.values()) {
                    leases.add(server.lease(CELL, client++));
                }
            }
            assertDistinct(leases);
            awaitAgreement(cluster);
        }
    }

    @Test
    void losesNothingWhenTheLeaderLeaves() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, SnapshotPolicy.STANDARD, CELL).startAll()) {
            cluster.leader(CELL).commit(CELL, TestCells.applyConfig(CELL));
            TestServer follower = cluster.follower(CELL);
            TestServer leader = cluster.leader(CELL);
            List<CompletableFuture<Outcome.Bound>> leases = new ArrayList<>();
            for (int client = 0; client < 300; client++) {
                leases.add(follower.lease(CELL, client));
            }
            cluster.stop(leader.settings.server());
            for (int client = 300; client < 600; client++) {
                leases.add(follower.lease(CELL, client));
            }
            assertDistinct(leases);
            cluster.start(leader.settings.server());
            cluster.leader(CELL);
            awaitAgreement(cluster);
        }
    }

    /** The tick gives up what nobody commits: what its listener throws must end the server, and not just the tick. */
    @Test
    void whatTheTickThrowsReachesTheServerAndTheTickGoesOn() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 2, SnapshotPolicy.STANDARD, CELL).startAll()) {
            cluster.leader(CELL).commit(CELL, TestCells.applyConfig(CELL));
            cluster.stop(cluster.servers.getFirst());
            TestServer alone = cluster.any();
            IllegalStateException thrown = new IllegalStateException("a listener that trips");
            alone.loop()
                    .execute(() -> alone.log().propose(CELL, TestCells.offer(1), proposal -> {
                        throw thrown;
                    }));
            alone.await(log -> !alone.failures.isEmpty());
            assertThat(alone.failures).containsExactly(thrown);
            assertThat(alone.propose(CELL, TestCells.offer(2)).get(20, TimeUnit.SECONDS))
                    .isInstanceOf(Proposal.Unknown.class);
        }
    }

    @Test
    void formsACellAtRunTimeAndFindsItAgainThoughTheSettingsDoNotNameIt() throws Exception {
        CellId later = new CellId("later");
        try (TestCluster cluster = new TestCluster(directory, 3, SnapshotPolicy.STANDARD, CELL).startAll()) {
            for (TestServer server : cluster.running.values()) {
                server.log()
                        .addCell(later, cluster.servers)
                        .toCompletableFuture()
                        .get(20, TimeUnit.SECONDS);
            }
            cluster.leader(later).commit(later, TestCells.applyConfig(later));
            assertThat(cluster.follower(later)
                            .lease(later, 1)
                            .get(10, TimeUnit.SECONDS)
                            .address())
                    .isNotNull();
            for (ServerId server : cluster.servers) {
                cluster.stop(server);
            }
            cluster.startAll();
            TestServer leader = cluster.leader(later);
            assertThat(leader.onLoop(() -> leader.table(later).bindingCount())).isEqualTo(1);
            leader.lease(later, 2).get(10, TimeUnit.SECONDS);
        }
    }

    /** As Ratis does when it cannot read its own log. */
    @Test
    void aGroupThatRatisClosesByItselfStopsTheCell() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 1, SnapshotPolicy.STANDARD, CELL).startAll()) {
            TestServer server = cluster.any();
            server.commit(CELL, TestCells.applyConfig(CELL));
            server.log().node().leave(CELL);
            server.await(log -> server.events.stream().anyMatch(RaftEvent.CellStopped.class::isInstance));
            assertThat(server.propose(CELL, TestCells.offer(1)).get(20, TimeUnit.SECONDS))
                    .isNotInstanceOf(Proposal.Committed.class);
        }
    }

    @Test
    void refusesACommandThatNoEntryHoldsAndGoesOn() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 1, SnapshotPolicy.STANDARD, CELL).startAll()) {
            TestServer server = cluster.any();
            byte[] source = new byte[EntryCodec.COMMAND_BYTES_MAX];
            LeaseCommand.ApplyConfig fits = TestCells.applyConfig(CELL);
            LeaseCommand tooLarge =
                    new LeaseCommand.ApplyConfig(fits.config(), fits.basedOn(), fits.author(), Octets.of(source));
            assertThat(server.propose(CELL, tooLarge).get(10, TimeUnit.SECONDS))
                    .isEqualTo(new Proposal.Rejected(Proposal.Rejected.Reason.TOO_LARGE));
            byte[] largest = new byte[EntryCodec.COMMAND_BYTES_MAX - EntryCodec.encodedBytes(fits) - 8];
            CompletableFuture<Proposal> before = server.propose(CELL, TestCells.offer(1));
            server.commit(
                    CELL,
                    new LeaseCommand.ApplyConfig(fits.config(), fits.basedOn(), fits.author(), Octets.of(largest)));
            assertThat(before.get(10, TimeUnit.SECONDS)).isInstanceOf(Proposal.Committed.class);
            server.lease(CELL, 2).get(10, TimeUnit.SECONDS);
        }
    }

    private static void assertDistinct(List<CompletableFuture<Outcome.Bound>> leases) throws Exception {
        TreeMap<Ipv4, Integer> byAddress = new TreeMap<>();
        for (int client = 0; client < leases.size(); client++) {
            Outcome.Bound lease = leases.get(client).get(20, TimeUnit.SECONDS);
            assertThat(byAddress.put(lease.address(), client)).isNull();
        }
    }

    static void awaitAgreement(TestCluster cluster) throws Exception {
        TestServer first = cluster.any();
        LogIndex index = first.commit(CELL, TestCells.offer(0)).index();
        List<LeaseDigest> digests = new ArrayList<>();
        for (ServerId id : cluster.running.keySet()) {
            TestServer server = cluster.running.get(id);
            server.await(log -> log.table(CELL).appliedIndex().compareTo(index) >= 0);
            digests.add(server.onLoop(() -> server.table(CELL).digest()));
        }
        assertThat(digests).hasSize(cluster.running.size()).containsOnly(digests.getFirst());
    }
}
