package org.anylease.raft.ratis;

import static org.anylease.raft.ratis.TestCells.CELL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.anylease.raft.disk.DurableFile;
import org.anylease.raft.event.RaftEvent;
import org.anylease.raft.membership.SnapshotPolicy;
import org.anylease.raft.membership.Survivor;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.Outcome;
import org.anylease.store.lease.BindingState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RecoveryTest {
    @TempDir
    Path directory;

    private Survivor recover(TestCluster cluster, ServerId survivor) throws IOException {
        return CellRecovery.recover(cluster.directory(survivor), "test", survivor, CELL, "operator");
    }

    @Test
    void aSurvivorGoesOnAloneInANewEpoch() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, SnapshotPolicy.STANDARD, CELL).startAll()) {
            List<ServerId> servers = cluster.servers;
            ServerId survivor = servers.getFirst();
            cluster.leader(CELL).commit(CELL, TestCells.applyConfig(CELL, 1, servers));
            Outcome.Bound lease = cluster.any().lease(CELL, 1).get(20, TimeUnit.SECONDS);
            assertThatThrownBy(() -> recover(cluster, survivor))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("in use by another process; stop that server");
            RatisLeaseLogTest.awaitAgreement(cluster);
            for (ServerId server : servers) {
                cluster.stop(server);
            }
            Survivor before = CellRecovery.inspect(cluster.directory(survivor), "test", survivor, CELL);
            assertThat(before.epoch()).isZero();
            assertThat(before.voters()).containsExactlyInAnyOrderElementsOf(servers);
            assertThat(before.lastEntry().value()).isGreaterThan(3);
            Survivor after = recover(cluster, survivor);
            assertThat(after.epoch()).isEqualTo(1);
            assertThat(after.voters()).containsExactly(survivor);
            assertThat(after).isGreaterThan(before);
            // Once more, as after a crash: it is done already.
            assertThat(recover(cluster, survivor)).isEqualTo(after);

            TestServer alone = cluster.start(survivor);
            alone.await(log -> log.table(CELL).recovery().isPresent());
            assertThat(alone.onLoop(() -> alone.table(CELL).declaredDown().keySet()))
                    .containsExactlyElementsOf(servers.subList(1, 3));
            alone.await(log -> alone.events.contains(new RaftEvent.CellRecovered(CELL, 1, "operator")));
            assertThat(alone.onLoop(() -> alone.table(CELL)
                            .binding(lease.address())
                            .orElseThrow()
                            .state()))
                    .isEqualTo(BindingState.ACTIVE);
            assertThat(alone.commit(CELL, TestCells.offer(2)).outcome()).isEqualTo(new Outcome.NoAddress());

            // What the recovery has to say is said once.
            cluster.stop(survivor);
            TestServer again = cluster.start(survivor);
            again.awaitQuorum(CELL);
            assertThat(again.events).noneMatch(RaftEvent.CellRecovered.class::isInstance);
        }
    }

    @Test
    void theOthersAreRefusedUntilTheyComeWithAnEmptyDisk() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, SnapshotPolicy.STANDARD, CELL).startAll()) {
            List<ServerId> servers = cluster.servers;
            ServerId survivor = servers.getFirst();
            cluster.leader(CELL).commit(CELL, TestCells.applyConfig(CELL, 1, servers));
            RatisLeaseLogTest.awaitAgreement(cluster);
            for (ServerId server : servers) {
                cluster.stop(server);
            }
            recover(cluster, survivor);
            TestServer alone = cluster.start(survivor);
            alone.await(log -> log.table(CELL).recovery().isPresent());

            // A majority of the old epoch is back: it could serve, were it not told.
            for (ServerId old : servers.subList(1, 3)) {
                TestServer back = cluster.start(old);
                back.await(log -> back.events.stream()
                        .anyMatch(event -> event instanceof RaftEvent.CellStopped stopped
                                && String.valueOf(stopped.cause().getMessage())
                                        .contains("was recovered without server " + old)));
                cluster.stop(old);
            }
            // Both at once, empty: neither may replay the log in which it was one of the old epoch's voters.
            List<TestServer> anew = new ArrayList<>();
            for (ServerId fresh : servers.subList(1, 3)) {
                DurableFile.deleteTree(cluster.directory(fresh));
                anew.add(cluster.start(fresh));
            }
            for (TestServer server : anew) {
                server.await(log -> log.cells().contains(CELL) && voters(server).size() == 3);
                assertThat(server.events).anyMatch(RaftEvent.SnapshotInstalled.class::isInstance);
                server.commit(CELL, TestCells.offer(3));
            }
            RatisLeaseLogTest.awaitAgreement(cluster);
        }
    }

    private static List<ServerId> voters(TestServer server) {
        return server.log()
                .operations()
                .membership(CELL)
                .toCompletableFuture()
                .join()
                .orElseThrow()
                .group()
                .voters();
    }
}
