package org.anylease.store.rocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.anylease.store.address.Ipv4;
import org.anylease.store.alone.JournalRecord;
import org.anylease.store.alone.JournalRecord.Born;
import org.anylease.store.alone.JournalRecord.Claim;
import org.anylease.store.alone.JournalRecord.ClaimGone;
import org.anylease.store.alone.JournalRecord.Promise;
import org.anylease.store.alone.JournalRecord.PromiseGone;
import org.anylease.store.alone.JournalRecord.Reported;
import org.anylease.store.alone.PromiseJournal;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.PromiseEnding;
import org.anylease.store.command.PromiseRule;
import org.anylease.store.state.Cells;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;

/** The durable journal: what comes back after a stop, a crash and a torn write, and whose journal is refused. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RocksJournalTest {
    private static final String CLUSTER = "example";
    private static final ServerId SERVER = new ServerId("dc1-a");
    private static final CellId OTHER = new CellId("other");
    private static final Ipv4 FIRST = Ipv4.parse("10.0.0.10");
    private static final Instant TIME = Instant.parse("2026-03-01T10:00:00.123Z");

    @TempDir
    Path temporary;

    private Path directory = Path.of("");

    @BeforeEach
    void choose() {
        directory = temporary.resolve("journal");
    }

    private RocksJournal open() throws IOException {
        return open(directory);
    }

    private static RocksJournal open(Path directory) throws IOException {
        return RocksJournal.open(directory, CLUSTER, SERVER);
    }

    private static Promise promise(int client, int seconds) {
        return new Promise(
                FIRST.plus(client),
                Cells.client(client),
                "lan",
                TIME.plusSeconds(seconds),
                new LogIndex(7),
                PromiseRule.R2_EXTENSION,
                PromiseEnding.HELD,
                TIME);
    }

    private static Claim claim(int client, long grant) {
        return new Claim(
                FIRST.plus(client), new LogIndex(grant), Cells.client(client).id(), TIME, false, false);
    }

    private static void append(RocksJournal journal, CellId cell, JournalRecord... records) throws Exception {
        journal.append(cell, List.of(records)).get();
    }

    /** As the disk is when the server ends here. */
    private static Path crashed(Path directory, Path copy) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(directory.relativize(file).toString()));
            }
        }
        return copy;
    }

    private static Path newestLog(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .max(Path::compareTo)
                    .orElseThrow();
        }
    }

    private static void truncate(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    @Test
    void bringsBackTheLastRecordOfEachKeyCellByCell() throws Exception {
        Born born = new Born(new LogIndex(3), TIME);
        try (RocksJournal journal = open()) {
            assertThat(journal.load(Cells.CELL).born()).isNull();
            append(journal, Cells.CELL, born, promise(1, 10), promise(2, 10), claim(1, 5), claim(1, 6));
            append(
                    journal,
                    Cells.CELL,
                    promise(1, 20),
                    new PromiseGone(promise(2, 0).address()));
            append(journal, Cells.CELL, new ClaimGone(FIRST.plus(1), new LogIndex(5)), new Reported(new LogIndex(9)));
            append(journal, OTHER, promise(1, 30));
        }
        try (RocksJournal journal = open()) {
            PromiseJournal image = journal.load(Cells.CELL);
            assertThat(image.pending()).containsExactly(promise(1, 20));
            assertThat(image.claims()).containsExactly(claim(1, 6));
            assertThat(image.reported()).isEqualTo(new LogIndex(9));
            assertThat(image.born()).isEqualTo(born);
            PromiseJournal other = journal.load(OTHER);
            assertThat(other.pending()).containsExactly(promise(1, 30));
            assertThat(other.claims()).isEmpty();
            assertThat(other.reported()).isEqualTo(LogIndex.NONE);
            assertThat(journal.load(new CellId("othe")).pendingCount()).isZero();
        }
    }

    @Test
    void hasOnTheDiskWhatItAnswered() throws Exception {
        try (RocksJournal journal = open()) {
            append(journal, Cells.CELL, promise(1, 10));
            Path copy = crashed(directory, temporary.resolve("crashed"));
            try (RocksJournal after = open(copy)) {
                assertThat(after.load(Cells.CELL).pending()).containsExactly(promise(1, 10));
            }
        }
    }

    @Test
    void losesInATornWriteThatWriteOnly() throws Exception {
        long before;
        long behind;
        try (RocksJournal journal = open()) {
            append(journal, Cells.CELL, promise(1, 10), claim(1, 5));
            before = Files.size(newestLog(directory));
            append(journal, Cells.CELL, promise(1, 20), claim(2, 5), new Reported(new LogIndex(9)));
            behind = Files.size(newestLog(directory));
            assertThat(behind).isGreaterThan(before);
            for (long size = before; size < behind; size += 11) {
                Path copy = crashed(directory, temporary.resolve("torn-" + size));
                truncate(newestLog(copy), size);
                try (RocksJournal torn = open(copy)) {
                    PromiseJournal image = torn.load(Cells.CELL);
                    assertThat(image.pending()).containsExactly(promise(1, 10));
                    assertThat(image.claims()).containsExactly(claim(1, 5));
                    assertThat(image.reported()).isEqualTo(LogIndex.NONE);
                    append(torn, Cells.CELL, new Reported(new LogIndex(8)));
                }
                try (RocksJournal again = open(copy)) {
                    PromiseJournal image = again.load(Cells.CELL);
                    assertThat(image.pending()).containsExactly(promise(1, 10));
                    assertThat(image.reported()).isEqualTo(new LogIndex(8));
                }
            }
        }
    }

    @Test
    void refusesDamageThatNoCrashDoes() throws Exception {
        try (RocksJournal journal = open()) {
            append(journal, Cells.CELL, promise(1, 10));
            long middle = Files.size(newestLog(directory)) - 20;
            append(journal, Cells.CELL, promise(2, 10));
            Path copy = crashed(directory, temporary.resolve("damaged"));
            byte[] log = Files.readAllBytes(newestLog(copy));
            log[(int) middle] ^= 0x55;
            Files.write(newestLog(copy), log);
            assertThatThrownBy(() -> open(copy))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot open the journal in " + copy)
                    .hasMessageContaining("It is damaged")
                    .hasMessageContaining("declare it down");
        }
    }

    /** A torn write takes all of a group with it, which shows that it was one. */
    @Test
    void writesAllThatWaitTogether() throws Exception {
        CountDownLatch queued = new CountDownLatch(1);
        Path copy = temporary.resolve("crashed");
        try (RocksJournal journal = open()) {
            CompletableFuture<?> held = new CompletableFuture<>();
            // Runs on the journal's thread, so that the appends below have to wait for each other.
            CompletableFuture<?> holding = journal.append(OTHER, List.of(promise(0, 10)))
                    .thenRun(() -> {
                        held.complete(null);
                        await(queued);
                    });
            held.get();
            List<CompletableFuture<?>> answers = new ArrayList<>();
            for (int client = 1; client <= 100; client++) {
                answers.add(journal.append(Cells.CELL, List.of(promise(client, 10))));
            }
            assertThat(answers).noneMatch(CompletableFuture::isDone);
            queued.countDown();
            holding.get();
            assertThat(journal.load(Cells.CELL).pendingCount()).isEqualTo(100);
            assertThat(answers).allMatch(CompletableFuture::isDone);
            crashed(directory, copy);
        }
        truncate(newestLog(copy), Files.size(newestLog(copy)) - 1);
        try (RocksJournal torn = open(copy)) {
            assertThat(torn.load(OTHER).pendingCount()).isEqualTo(1);
            assertThat(torn.load(Cells.CELL).pendingCount()).isZero();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void keepsTheOrderOfEachThreadsAppends() throws Exception {
        int threads = 4;
        int each = 200;
        try (RocksJournal journal = open()) {
            List<CompletableFuture<?>> done = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int client = t;
                done.add(CompletableFuture.runAsync(
                        () -> {
                            for (int i = 1; i <= each; i++) {
                                Objects.requireNonNull(journal.append(Cells.CELL, List.of(promise(client, i))));
                            }
                        },
                        task -> Thread.ofPlatform().start(task)));
            }
            CompletableFuture.allOf(done.toArray(CompletableFuture<?>[]::new)).get();
        }
        try (RocksJournal journal = open()) {
            assertThat(journal.load(Cells.CELL).pending())
                    .containsExactly(promise(0, each), promise(1, each), promise(2, each), promise(3, each));
        }
    }

    @Test
    void refusesTheJournalOfAnotherServerOrCluster() throws Exception {
        open().close();
        assertThatThrownBy(() -> RocksJournal.open(directory, CLUSTER, new ServerId("dc2-a")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("journal in " + directory)
                .hasMessageContaining("belongs to server dc1-a of cluster example, not to server dc2-a");
        assertThatThrownBy(() -> RocksJournal.open(directory, "elsewhere", SERVER))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not to server dc1-a of cluster elsewhere");
        open().close();
    }

    @Test
    void isNoLeaseStoreNorTheOtherWayRound() throws Exception {
        open().close();
        assertThatThrownBy(() -> RocksLeaseStore.open(directory, CLUSTER, new CellId(SERVER.name())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("belongs to server dc1-a");
        Path store = temporary.resolve("store");
        RocksLeaseStore.open(store, CLUSTER, new CellId(SERVER.name())).close();
        assertThatThrownBy(() -> open(store))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("belongs to cell dc1-a");
    }

    @Test
    void refusesANewerFormatAndNamesANewerRecord() throws Exception {
        open().close();
        byte[] key = {6, 'c', 'a', 'm', 'p', 'u', 's', 3};
        put(key, new byte[] {9, 1});
        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot read the journal in " + directory)
                .hasMessageContaining("format version 9");
        put(key, new byte[] {1, 1});
        try (RocksJournal journal = open()) {
            assertThat(journal.load(Cells.CELL).reported()).isEqualTo(new LogIndex(1));
        }
        put(new byte[] {99, 'x'}, new byte[] {1, 1});
        assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("no cell");
        put(StoreIdentity.key(), new byte[] {2, 0});
        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has format 2; this program knows format 1");
    }

    private void put(byte[] key, byte[] value) throws Exception {
        try (Options options = new Options();
                RocksDB database = RocksDB.open(options, directory.toString())) {
            database.put(key, value);
        }
    }

    @Test
    void refusesAJournalThatIsOpenAlready() throws Exception {
        try (RocksJournal journal = open()) {
            assertThat(journal.load(Cells.CELL).pendingCount()).isZero();
            assertThatThrownBy(this::open)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("Is another server running");
        }
    }

    @Test
    void refusesUseAfterClose() throws Exception {
        RocksJournal journal = open();
        CompletableFuture<?> last = journal.append(Cells.CELL, List.of(promise(1, 10)));
        journal.close();
        journal.close();
        assertThat(last).as("what waited is written").isCompleted();
        assertThatThrownBy(() ->
                        journal.append(Cells.CELL, List.of(promise(2, 10))).get())
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("is closed");
        assertThatThrownBy(() -> journal.load(Cells.CELL)).isInstanceOf(IOException.class);
    }
}
