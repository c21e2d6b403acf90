package org.anylease.raft.ratis;

import static org.anylease.raft.ratis.TestCells.CELL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.anylease.raft.event.RaftEvent;
import org.anylease.raft.membership.SnapshotPolicy;
import org.anylease.store.address.Ipv4;
import org.anylease.store.alone.JournalRecord;
import org.anylease.store.alone.PromiseJournal;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.Outcome;
import org.anylease.store.lease.BindingState;
import org.anylease.store.replication.Proposal;
import org.anylease.store.rocks.RocksJournal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DiskFullTest {
    private static final int DISK_MEBIBYTES = 160;
    private static final int AT_ONCE = 64;

    @TempDir
    Path directory;

    @Test
    void aDiskThatFillsStopsTheServerAndNothingAcknowledgedIsLost() throws Exception {
        TreeMap<Integer, Ipv4> acknowledged = new TreeMap<>();
        try (Tmpfs disk = Tmpfs.mount(directory.resolve("disk"), DISK_MEBIBYTES)) {
            Path root = disk.root().resolve("servers");
            try (TestCluster cluster = new TestCluster(root, 1, SnapshotPolicy.STANDARD, CELL).startAll()) {
                TestServer server = cluster.any();
                server.commit(CELL, TestCells.applyConfig(CELL));
                disk.fill(512);
                leaseUntilItStops(server, acknowledged);
                assertThat(server.events)
                        .anySatisfy(event -> assertThat(event)
                                .isInstanceOfSatisfying(
                                        RaftEvent.CellStopped.class,
                                        stopped -> assertThat(RatisNode.deepest(stopped.cause()))
                                                .contains("No space left on device")));
                assertThat(server.propose(CELL, TestCells.offer(1_000_000)).get(20, TimeUnit.SECONDS))
                        .isNotInstanceOf(Proposal.Committed.class);
                disk.free();
            }
            try (TestCluster cluster = new TestCluster(root, 1, SnapshotPolicy.STANDARD, CELL).startAll()) {
                TestServer server = cluster.any();
                server.awaitQuorum(CELL);
                server.commit(CELL, TestCells.offer(2_000_000));
                server.onLoop(() -> {
                    acknowledged.forEach((client, address) -> assertThat(
                                    server.table(CELL).binding(address).orElseThrow())
                            .satisfies(binding -> {
                                assertThat(binding.state()).isEqualTo(BindingState.ACTIVE);
                                assertThat(binding.client()).isNotNull();
                                assertThat(binding.client().id())
                                        .isEqualTo(TestCells.client(client).id());
                            }));
                    return null;
                });
            }
        }
        assertThat(acknowledged).isNotEmpty();
    }

    @Test
    void aJournalThatCannotWriteRefusesForGoodAndKeepsWhatItAnswered() throws Exception {
        ServerId server = new ServerId("dc1-a");
        try (Tmpfs disk = Tmpfs.mount(directory.resolve("disk"), DISK_MEBIBYTES)) {
            Path root = disk.root().resolve("journal");
            long answered = 0;
            try (RocksJournal journal = RocksJournal.open(root, "example", server)) {
                disk.fill(512);
                Throwable failure = null;
                while (failure == null) {
                    try {
                        journal.append(CELL, claims(answered)).get(20, TimeUnit.SECONDS);
                        answered++;
                    } catch (ExecutionException e) {
                        failure = e.getCause();
                    }
                }
                assertThat(failure).hasMessageContaining("cannot write the journal in " + root);
                disk.free();
                assertThatThrownBy(() -> journal.append(CELL, List.of(new JournalRecord.Reported(new LogIndex(1))))
                                .get(20, TimeUnit.SECONDS))
                        .as("though there is room again")
                        .hasCause(failure);
                assertThatThrownBy(() -> journal.load(CELL)).isInstanceOf(IOException.class);
            }
            try (RocksJournal journal = RocksJournal.open(root, "example", server)) {
                PromiseJournal image = journal.load(CELL);
                assertThat(answered).isPositive();
                for (long i = 0; i < answered; i++) {
                    for (JournalRecord.Claim claim : claims(i)) {
                        assertThat(image.claim(claim.address(), claim.grant())).isEqualTo(claim);
                    }
                }
                assertThat(image.reported()).isEqualTo(LogIndex.NONE);
            }
        }
    }

    private static List<JournalRecord.Claim> claims(long append) {
        List<JournalRecord.Claim> claims = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            claims.add(new JournalRecord.Claim(
                    Ipv4.parse("10.0.0.0").plus(i), new LogIndex(append + 1), null, Instant.EPOCH, true, false));
        }
        return claims;
    }

    /** Leases on and on, until a promise is not given because the replica has stopped. */
    private static void leaseUntilItStops(TestServer server, Map<Integer, Ipv4> acknowledged) throws Exception {
        int client = 0;
        while (server.events.stream().noneMatch(RaftEvent.CellStopped.class::isInstance)) {
            List<CompletableFuture<Outcome.Bound>> leases = new ArrayList<>();
            int first = client;
            for (int i = 0; i < AT_ONCE; i++) {
                leases.add(server.lease(CELL, client++));
            }
            for (int i = 0; i < AT_ONCE; i++) {
                try {
                    acknowledged.put(
                            first + i, leases.get(i).get(20, TimeUnit.SECONDS).address());
                } catch (ExecutionException e) {
                    // Not promised: the disk is full, or about to be found so.
                    assertThat(e).hasCauseInstanceOf(AssertionError.class);
                }
            }
        }
    }

    @Test
    void aServerDoesNotStartOnAFullDisk() throws Exception {
        try (Tmpfs disk = Tmpfs.mount(directory.resolve("disk"), DISK_MEBIBYTES)) {
            Path root = disk.root().resolve("servers");
            disk.fill(1024);
            try (TestCluster cluster = new TestCluster(root, 1, SnapshotPolicy.STANDARD, CELL)) {
                assertThatThrownBy(cluster::startAll)
                        .isInstanceOf(IOException.class)
                        .hasMessage("data directory " + root.resolve("s1") + " has 1 MiB of free space, and a server"
                                + " needs 64 MiB to start; free some space or give it a larger disk, then start again");
                disk.free();
                cluster.startAll().any().awaitQuorum(CELL);
            }
        }
    }
}
