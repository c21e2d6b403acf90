package org.anylease.store.rocks;

import static org.anylease.store.state.Cells.client;
import static org.anylease.store.state.Cells.network;
import static org.anylease.store.state.Cells.subnet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.RequestKind;
import org.anylease.store.lease.Binding;
import org.anylease.store.state.Cells;
import org.anylease.store.state.LeaseDigest;
import org.anylease.store.state.LeaseTable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;

/** The durable state: what comes back after a stop, a crash and a checkpoint, and whose store is refused. */
class RocksLeaseStoreTest {
    private static final String CLUSTER = "example";

    @TempDir
    Path temporary;

    private final Cells.Driver cell = new Cells.Driver();
    private Path directory = Path.of("");

    @BeforeEach
    void configure() {
        directory = temporary.resolve("campus");
        cell.configure(network("lan", true, subnet("10.0.0.0/16", List.of("10.0.0.10-10.0.200.0"))));
    }

    private RocksLeaseStore open() throws IOException {
        return RocksLeaseStore.open(directory, CLUSTER, Cells.CELL);
    }

    private void bind(int client) {
        cell.run(new LeaseCommand.CommitLease(
                client(client), "lan", Ipv4.parse("10.0.0.10").plus(client), RequestKind.SELECTING, null));
    }

    @Test
    void bringsBackTheStateAfterAStop() throws Exception {
        try (RocksLeaseStore store = open()) {
            assertThat(store.position()).isEqualTo(RocksLeaseStore.Position.NONE);
            bind(1);
            store.write(3, cell.table.takeChanges());
            bind(2);
            store.write(4, cell.table.takeChanges());
        }
        try (RocksLeaseStore store = open()) {
            assertThat(store.position()).isEqualTo(new RocksLeaseStore.Position(4, cell.table.appliedIndex()));
            LeaseTable loaded = store.load();
            assertThat(loaded.digest()).isEqualTo(cell.table.digest());
            assertThat(loaded.binding(Ipv4.parse("10.0.0.12")))
                    .isEqualTo(cell.table.binding(Ipv4.parse("10.0.0.12")))
                    .isPresent();
        }
    }

    @Test
    void comesBackFromACrashAtTheLastFlushOrLater() throws Exception {
        List<LeaseDigest> digests = new ArrayList<>();
        digests.add(new LeaseTable(Cells.CELL).digest());
        digests.add(cell.table.digest());
        Path crashed = temporary.resolve("crashed");
        LogIndex flushed;
        try (RocksLeaseStore store = open()) {
            for (int i = 0; i < 20; i++) {
                bind(i);
                digests.add(cell.table.digest());
                store.write(1, cell.table.takeChanges());
            }
            store.flush();
            flushed = cell.table.appliedIndex();
            for (int i = 20; i < 40; i++) {
                bind(i);
                digests.add(cell.table.digest());
                store.write(1, cell.table.takeChanges());
            }
            copy(directory, crashed);
        }
        try (RocksLeaseStore store = RocksLeaseStore.open(crashed, CLUSTER, Cells.CELL)) {
            LeaseTable loaded = store.load();
            assertThat(loaded.appliedIndex())
                    .isEqualTo(store.position().index())
                    .isGreaterThanOrEqualTo(flushed);
            assertThat(loaded.digest())
                    .isEqualTo(digests.get((int) loaded.appliedIndex().value()));
            for (int i = (int) loaded.appliedIndex().value(); i < cell.log.size(); i++) {
                loaded.apply(new LogIndex(i + 1), cell.log.get(i));
            }
            assertThat(loaded.digest()).as("after applying the log again").isEqualTo(cell.table.digest());
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    @Test
    void refusesTheStoreOfAnotherCellOrCluster() throws Exception {
        open().close();
        assertThatThrownBy(() -> RocksLeaseStore.open(directory, CLUSTER, new CellId("other")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("belongs to cell campus of cluster example, not to cell other");
        assertThatThrownBy(() -> RocksLeaseStore.open(directory, "elsewhere", Cells.CELL))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not to cell campus of cluster elsewhere");
        open().close();
    }

    @Test
    void refusesANewerFormat() throws Exception {
        open().close();
        try (Options options = new Options();
                RocksDB database = RocksDB.open(options, directory.toString())) {
            database.put(StoreIdentity.key(), new byte[] {(byte) 2, 0});
        }
        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has format 2; this program knows format 1");
    }

    @Test
    void refusesAStoreThatIsOpenAlready() throws Exception {
        try (RocksLeaseStore store = open()) {
            assertThat(store.position()).isNotNull();
            assertThatThrownBy(this::open)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("Is another server running");
        }
    }

    @Test
    void namesADamagedRecord() throws Exception {
        try (RocksLeaseStore store = open()) {
            bind(1);
            store.write(1, cell.table.takeChanges());
        }
        try (Options options = new Options();
                RocksDB database = RocksDB.open(options, directory.toString())) {
            database.put(new byte[] {1, 10, 0, 0, 11}, new byte[] {0x11, 1});
        }
        try (RocksLeaseStore store = open()) {
            assertThatThrownBy(store::load)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("binding 10.0.0.11 is damaged");
        }
    }

    @Test
    void writesACheckpointThatOpensAsAStore() throws Exception {
        Path target = temporary.resolve("checkpoint");
        LeaseDigest digest;
        try (RocksLeaseStore store = open()) {
            bind(1);
            store.write(7, cell.table.takeChanges());
            digest = cell.table.digest();
            assertThat(store.checkpoint(target)).isEqualTo(store.position());
            bind(2);
            store.write(7, cell.table.takeChanges());
        }
        try (RocksLeaseStore store = RocksLeaseStore.open(target, CLUSTER, Cells.CELL)) {
            assertThat(store.position().term()).isEqualTo(7);
            assertThat(store.load().digest()).isEqualTo(digest);
        }
    }

    @Test
    void endsAViewThatIsOpenWhenTheStoreIsClosed() throws Exception {
        RocksLeaseStore store = open();
        for (int i = 0; i < 10; i++) {
            bind(i);
        }
        store.write(1, cell.table.takeChanges());
        RocksLeaseStore.View view = store.view();
        Iterator<Binding> reading = view.bindings().iterator();
        reading.next();
        store.close();
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(reading::next)
                .withMessageContaining("while it was read");
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> view.bindings().iterator());
        assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(store::view);
        view.close();
    }

    @Test
    void showsOneMomentInAViewWhileWritesGoOn() throws Exception {
        try (RocksLeaseStore store = open()) {
            for (int i = 0; i < 500; i++) {
                bind(i);
            }
            store.write(1, cell.table.takeChanges());
            LogIndex seen = cell.table.appliedIndex();
            AtomicReference<Throwable> failure = new AtomicReference<>();
            try (RocksLeaseStore.View view = store.view()) {
                Thread reader = Thread.ofPlatform().start(() -> {
                    try {
                        for (int round = 0; round < 20; round++) {
                            check(view, seen);
                        }
                    } catch (AssertionError | RuntimeException e) {
                        failure.set(e);
                    }
                });
                for (int i = 500; i < 2500; i++) {
                    bind(i);
                    store.write(1, cell.table.takeChanges());
                }
                reader.join();
            }
            assertThat(failure.get()).isNull();
            try (RocksLeaseStore.View now = store.view()) {
                assertThat(now.position()).isEqualTo(store.position());
                assertThat(now.bindings()).hasSize(2500);
            }
        }
    }

    private static void check(RocksLeaseStore.View view, LogIndex seen) {
        assertThat(view.position().index()).isEqualTo(seen);
        List<Ipv4> addresses = new ArrayList<>();
        for (Binding binding : view.bindings()) {
            addresses.add(binding.address());
        }
        assertThat(addresses).hasSize(500).isSorted();
    }

    @Test
    void refusesUseAfterClose() throws Exception {
        RocksLeaseStore store = open();
        store.close();
        store.close();
        assertThatThrownBy(() -> store.write(1, cell.table.takeChanges())).isInstanceOf(IOException.class);
        assertThatThrownBy(store::load).isInstanceOf(IOException.class);
    }
}
