package org.anylease.raft.ratis;

import static org.anylease.raft.ratis.TestCells.CELL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.anylease.raft.disk.DataDirectory;
import org.anylease.raft.disk.DurableFile;
import org.anylease.raft.event.RaftEvent;
import org.anylease.raft.membership.RaftSettings;
import org.anylease.raft.membership.SnapshotPolicy;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.Incarnation;
import org.anylease.store.cell.ServerId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class IdentityTest {
    private static final ServerId SERVER = new ServerId("s1");

    @TempDir
    Path directory;

    private DataDirectory open(String cluster, ServerId server) throws IOException {
        return DataDirectory.open(directory.resolve("data"), cluster, server, new Random(7));
    }

    @Test
    void keepsItsIncarnationAndNeverUsesASequenceTwice() throws Exception {
        Incarnation incarnation;
        long first;
        try (DataDirectory data = open("test", SERVER)) {
            incarnation = data.incarnation();
            first = data.firstSequence();
            assertThat(data.fresh()).isTrue();
        }
        try (DataDirectory data = open("test", SERVER)) {
            assertThat(data.incarnation()).isEqualTo(incarnation);
            assertThat(data.firstSequence()).isGreaterThan(first + (1L << 39));
            assertThat(data.fresh()).isFalse();
        }
    }

    @Test
    void refusesAnotherClustersServersAndNewerDirectories() throws Exception {
        open("test", SERVER).close();
        String data = "data directory " + directory.resolve("data");
        assertThatThrownBy(() -> open("other", SERVER))
                .isInstanceOf(IOException.class)
                .hasMessage(data + " belongs to cluster 'test', not to 'other'; correct the configuration, or give"
                        + " another directory");
        assertThatThrownBy(() -> open("test", new ServerId("s2")))
                .isInstanceOf(IOException.class)
                .hasMessage(data + " belongs to server 's1', not to 's2'; correct the configuration, or give another"
                        + " directory");
        Path identity = directory.resolve("data").resolve("identity");
        Files.writeString(identity, Files.readString(identity).replace("format=1", "format=2"));
        assertThatThrownBy(() -> open("test", SERVER))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        data + " has format 2, which is newer than this program reads (1); start the newer program");
    }

    @Test
    void refusesADirectoryInUseAndOneThatIsNobodys() throws Exception {
        try (DataDirectory held = open("test", SERVER)) {
            assertThat(held.fresh()).isTrue();
            assertThatThrownBy(() -> open("test", SERVER))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("in use by another process");
        }
        Files.delete(directory.resolve("data").resolve("identity"));
        assertThatThrownBy(() -> open("test", SERVER))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no identity file");
    }

    @Test
    void namesTheGroupOfACellThatTheConfigurationForgot() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 1, SnapshotPolicy.STANDARD, CELL).startAll()) {
            cluster.any().awaitQuorum(CELL);
        }
        CellId other = new CellId("cell-b");
        Files.delete(directory.resolve("s1/cells/" + CELL + "/voters"));
        try (TestCluster cluster = new TestCluster(directory, 1, SnapshotPolicy.STANDARD, other)) {
            assertThatThrownBy(cluster::startAll)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("of a cell that neither the configuration nor the directory names");
        }
    }

    @Test
    void refusesTheStoreOfAnotherCell() throws Exception {
        CellId other = new CellId("cell-b");
        Path there = directory.resolve("there");
        try (TestCluster cluster = new TestCluster(directory, 1, SnapshotPolicy.STANDARD, CELL).startAll();
                TestCluster elsewhere = new TestCluster(there, 1, SnapshotPolicy.STANDARD, other).startAll()) {
            cluster.any().awaitQuorum(CELL);
            elsewhere.any().awaitQuorum(other);
        }
        Path store = directory.resolve("s1").resolve("cells").resolve("cell-a");
        DurableFile.deleteTree(store);
        Files.move(there.resolve("s1").resolve("cells").resolve("cell-b"), store);
        try (TestCluster cluster = new TestCluster(directory, 1, SnapshotPolicy.STANDARD, CELL)) {
            assertThatThrownBy(cluster::startAll)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("the lease store in " + store.resolve("live")
                            + " belongs to cell cell-b of cluster test, not to cell cell-a of cluster test."
                            + " Correct the data directory or the names");
        }
    }

    @Test
    void serversOfDifferentClustersRefuseEachOther() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 2, SnapshotPolicy.STANDARD, CELL)) {
            TestServer first = cluster.start(cluster.servers.get(0));
            RaftSettings mine = cluster.settings(cluster.servers.get(1));
            RaftSettings foreign = new RaftSettings(
                    "other",
                    mine.server(),
                    mine.dataDirectory(),
                    mine.peers(),
                    mine.cells(),
                    mine.timers(),
                    mine.snapshots(),
                    mine.tls());
            try (TestServer second = new TestServer(foreign)) {
                second.await(log -> second.events.stream()
                        .anyMatch(event -> event instanceof RaftEvent.LinkRefused refused
                                && refused.reason().contains("belongs to cluster 'test', not to 'other'")));
                assertThat(first.onLoop(() -> first.log().cells())).isEmpty();
            }
        }
    }
}
