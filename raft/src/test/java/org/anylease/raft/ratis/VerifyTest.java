package org.anylease.raft.ratis;

import static org.anylease.raft.ratis.TestCells.CELL;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.anylease.raft.liveness.CellVerification;
import org.anylease.raft.membership.SnapshotPolicy;
import org.anylease.store.address.AddressRange;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.Outcome;
import org.anylease.store.rocks.RocksLeaseStore;
import org.anylease.store.state.StateChanges;
import org.anylease.store.state.StoredKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class VerifyTest {
    @TempDir
    Path directory;

    @Test
    void comparesCopiesAtOneEntryAlsoUnderLoadAndSaysWhatDiffers() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, SnapshotPolicy.STANDARD, CELL).startAll()) {
            TestServer leader = cluster.leader(CELL);
            leader.commit(CELL, TestCells.applyConfig(CELL));
            Outcome.Bound lease = leader.lease(CELL, 1).get(20, TimeUnit.SECONDS);
            CellVerification idle = verify(cluster.follower(CELL));
            assertThat(idle.silent()).isEmpty();
            assertThat(idle.digests()).hasSize(3);
            assertThat(idle.reference()).isEqualTo(leader.settings.server());
            assertThat(idle.agree()).isTrue();

            AtomicBoolean going = new AtomicBoolean(true);
            CompletableFuture<Integer> load = CompletableFuture.supplyAsync(() -> {
                int clients = 2;
                while (going.get()) {
                    leader.lease(CELL, clients++).join();
                }
                return clients;
            });
            CellVerification busy = verify(leader);
            going.set(false);
            assertThat(load.get(20, TimeUnit.SECONDS)).isGreaterThan(2);
            assertThat(busy.silent()).isEmpty();
            assertThat(busy.digests()).hasSize(3);
            assertThat(busy.agree()).isTrue();
            assertThat(busy.index()).isGreaterThan(idle.index());
            RatisLeaseLogTest.awaitAgreement(cluster);
            ServerId damaged = cluster.follower(CELL).settings.server();
            cluster.stop(damaged);
            forget(damaged, lease);
            cluster.start(damaged);
            TestServer now = cluster.leader(CELL);
            if (now.settings.server().equals(damaged)) {
                now.log().operations().drain().toCompletableFuture().get(10, TimeUnit.SECONDS);
                now.await(log -> !damaged.equals(log.quorum(CELL).leader())
                        && log.quorum(CELL).reachable());
            }
            CellVerification found = verify(cluster.any());
            assertThat(found.agree()).isFalse();
            assertThat(found.deviations()).hasSize(1);
            assertThat(found.deviations().getFirst().server()).isEqualTo(damaged);
            assertThat(found.deviations().getFirst().inMemory()).isTrue();
            List<AddressRange> ranges = found.deviations().getFirst().ranges();
            assertThat(ranges).hasSize(1);
            assertThat(ranges.getFirst().contains(lease.address())).isTrue();
        }
    }

    /** Takes a binding out of a stopped server's store, as a defect might. */
    private void forget(ServerId server, Outcome.Bound lease) throws Exception {
        Path live = directory
                .resolve(server.name())
                .resolve("cells")
                .resolve(CELL.name())
                .resolve("live");
        try (RocksLeaseStore store = RocksLeaseStore.open(live, "test", CELL)) {
            store.write(
                    store.position().term(),
                    new StateChanges(
                            store.position().index(),
                            List.of(new StateChanges.Change(
                                    StoredKeys.binding(lease.address().bits()), null))));
            store.flush();
        }
    }

    private static CellVerification verify(TestServer server) throws Exception {
        return server.log().operations().verify(CELL).toCompletableFuture().get(40, TimeUnit.SECONDS);
    }
}
