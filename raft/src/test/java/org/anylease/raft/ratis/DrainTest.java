package org.anylease.raft.ratis;

import static org.anylease.raft.ratis.TestCells.CELL;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.anylease.raft.liveness.DrainState;
import org.anylease.raft.membership.SnapshotPolicy;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DrainTest {
    private static final CellId OTHER = new CellId("cell-b");

    @TempDir
    Path directory;

    @Test
    void drainedServersHandOverWhatTheyLeadAndTakeNothingOnUntilARestart() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, SnapshotPolicy.STANDARD, CELL, OTHER).startAll()) {
            cluster.leader(CELL);
            cluster.leader(OTHER);
            ServerId last = cluster.servers.get(2);
            for (ServerId drained : cluster.servers.subList(0, 2)) {
                cluster.server(drained)
                        .log()
                        .operations()
                        .drain()
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS);
            }
            for (CellId cell : new CellId[] {CELL, OTHER}) {
                for (TestServer server : cluster.running.values()) {
                    server.await(log -> log.quorum(cell).reachable()
                            && last.equals(log.quorum(cell).leader()));
                }
                TestServer first = cluster.server(cluster.servers.getFirst());
                first.commit(cell, TestCells.applyConfig(cell));
                first.lease(cell, 1).get(20, TimeUnit.SECONDS);
            }
            for (ServerId drained : cluster.servers.subList(0, 2)) {
                assertThat(drained(cluster.server(drained)).orElseThrow().leading())
                        .isEmpty();
            }
            // Whoever alone may lead, and is drained too, goes on: a cell without a leader would serve nobody.
            TestServer third = cluster.server(last);
            third.log().operations().drain().toCompletableFuture().get(10, TimeUnit.SECONDS);
            third.lease(CELL, 2).get(20, TimeUnit.SECONDS);

            TestServer second = cluster.server(cluster.servers.get(1));
            second.log().operations().undrain().toCompletableFuture().get(10, TimeUnit.SECONDS);
            second.await(log -> second.settings.server().equals(log.quorum(CELL).leader()));
            cluster.stop(cluster.servers.getFirst());
            assertThat(drained(cluster.start(cluster.servers.getFirst()))).isEmpty();
        }
    }

    private static Optional<DrainState> drained(TestServer server) throws Exception {
        return server.log().operations().drained().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
