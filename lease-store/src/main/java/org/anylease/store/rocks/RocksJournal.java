package org.anylease.store.rocks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.anylease.store.alone.JournalCodec;
import org.anylease.store.alone.JournalRecord;
import org.anylease.store.alone.PromiseJournal;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.codec.ByteReader;
import org.anylease.store.codec.UnreadableException;
import org.anylease.store.state.StateChanges;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * What a server promised alone, durably: the records of its {@link PromiseJournal}s, those of all its cells in one
 * RocksDB database with a synced write-ahead log.
 *
 * <p>Appends are written on a thread of the journal's own, in the order in which they were made: all that wait when it
 * gets to them in one write with one sync. An append is atomic. A crash can lose only what was not answered yet.
 *
 * <p>Once a write has failed, nobody knows what of it is on the disk. The journal then writes nothing more and answers
 * every append with that failure: the server has to end.
 *
 * <p>Keys are the cell's name behind its length, then the key of the record; those that start with 0 are the store's.
 *
 * <p>Methods may be called from any thread.
 */
public final class RocksJournal implements AutoCloseable {
    private static final String DAMAGED =
            "It is damaged, and what this server promised alone may be lost with it. If it can be brought back, as by"
                    + " repairing the file system, do so and start again. If not, take the server for one with a new"
                    + " disk: declare it down, move the directory away, then start it.";

    private final RocksSettings settings;
    private final RocksDB database;
    private final Path directory;
    private final WriteOptions synced;
    private final ConcurrentLinkedQueue<Append> waiting = new ConcurrentLinkedQueue<>();
    private final ExecutorService thread;
    /** Confined to the thread. */
    private @Nullable IOException failure;

    /** What is to be written together, and who waits for it. */
    private record Append(List<StateChanges.Change> changes, CompletableFuture<@Nullable Void> durable) {}

    private RocksJournal(RocksSettings settings, RocksDB database, Path directory) {
        this.settings = settings;
        this.database = database;
        this.directory = directory;
        this.synced = new WriteOptions().setSync(true);
        this.thread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("journal").daemon().factory());
    }

    /**
     * Opens or makes the journal, and reads all of it.
     *
     * @param directory its directory, made when it does not exist
     * @param cluster the cluster's name
     * @param server the server
     * @return the journal
     * @throws IOException with a message for the operator: the directory is of another server or cluster, of a newer
     *     format, damaged other than in a write that a crash cut short, locked, or the disk is full
     */
    public static RocksJournal open(Path directory, String cluster, ServerId server) throws IOException {
        RocksDB.loadLibrary();
        RocksSettings settings = RocksSettings.ofJournal();
        RocksDB database;
        try {
            database = new DatabaseDirectory(directory, "journal", DAMAGED).open(settings.options());
        } catch (IOException e) {
            settings.close();
            throw e;
        }
        RocksJournal journal = new RocksJournal(settings, database, directory);
        try {
            StoreIdentity.ofJournal(cluster, server).claim(database, journal.synced, directory);
            journal.read(null);
            return journal;
        } catch (RocksDBException | UnreadableException e) {
            journal.close();
            throw new IOException("cannot read the journal in " + directory + ": " + e.getMessage(), e);
        } catch (IOException e) {
            journal.close();
            throw e;
        }
    }

    /**
     * The image of a cell's journal, with all that was appended before.
     *
     * @param cell the cell
     * @return its records; an empty journal for a cell that nothing was appended for
     * @throws IOException when it cannot be read, or is closed, or an append failed before
     */
    public PromiseJournal load(CellId cell) throws IOException {
        try {
            append(cell, List.of()).get();
            return PromiseJournal.restore(read(cell));
        } catch (ExecutionException | UnreadableException e) {
            throw new IOException("cannot read the journal in " + directory + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted before the journal in " + directory + " was read", e);
        }
    }

    /**
     * The images of all cells' journals, with all that was appended before.
     *
     * @return one for each cell that something was appended for, in order of name
     * @throws IOException when they cannot be read, or are closed, or an append failed before
     */
    public SortedMap<CellId, PromiseJournal> loadAll() throws IOException {
        TreeMap<CellId, PromiseJournal> images = new TreeMap<>();
        for (CellId cell : cells()) {
            images.put(cell, load(cell));
        }
        return images;
    }

    private List<CellId> cells() throws IOException {
        List<CellId> cells = new ArrayList<>();
        try (ReadOptions options = new ReadOptions().setFillCache(false);
                RocksIterator iterator = database.newIterator(options)) {
            iterator.seek(new byte[] {1});
            while (iterator.isValid()) {
                byte[] key = iterator.key();
                CellId cell = new CellId(new String(key, 1, key[0], StandardCharsets.US_ASCII));
                cells.add(cell);
                byte[] past = key(cell, new byte[] {(byte) 0xff});
                iterator.seek(past);
            }
            iterator.status();
            return cells;
        } catch (RocksDBException e) {
            throw new IOException("cannot read the journal in " + directory + ": " + e.getMessage(), e);
        }
    }

    /**
     * Appends records, all or none.
     *
     * @param cell the cell whose journal they are for
     * @param records what to append; when there are none, the answer says that all before is durable
     * @return completes when they are durable, on the journal's thread, or with an {@link IOException} when they may
     *     not be, upon which the journal takes nothing more
     */
    public CompletableFuture<@Nullable Void> append(CellId cell, List<? extends JournalRecord> records) {
        List<StateChanges.Change> changes = new ArrayList<>(records.size());
        for (JournalRecord record : records) {
            changes.add(new StateChanges.Change(key(cell, JournalCodec.key(record)), JournalCodec.value(record)));
        }
        Append append = new Append(changes, new CompletableFuture<>());
        waiting.add(append);
        try {
            thread.execute(this::writeWaiting);
        } catch (RejectedExecutionException e) {
            append.durable.completeExceptionally(closed(e));
        }
        return append.durable;
    }

    private void writeWaiting() {
        List<Append> group = takeWaiting();
        IOException before = failure;
        if (before != null) {
            group.forEach(append -> append.durable.completeExceptionally(before));
            return;
        }
        try (WriteBatch batch = new WriteBatch()) {
            for (Append append : group) {
                for (StateChanges.Change change : append.changes) {
                    byte[] value = change.value();
                    if (value == null) {
                        batch.delete(change.key());
                    } else {
                        batch.put(change.key(), value);
                    }
                }
            }
            if (batch.count() > 0) {
                database.write(synced, batch);
            }
        } catch (RocksDBException | RuntimeException | Error e) {
            IOException failed = new IOException(
                    "cannot write the journal in " + directory + ": " + e.getMessage()
                            + ". The server stops; check the disk, then start again.",
                    e);
            failure = failed;
            group.forEach(append -> append.durable.completeExceptionally(failed));
            return;
        }
        group.forEach(append -> append.durable.complete(null));
    }

    private List<Append> takeWaiting() {
        List<Append> taken = new ArrayList<>();
        for (Append next = waiting.poll(); next != null; next = waiting.poll()) {
            taken.add(next);
        }
        return taken;
    }

    private IOException closed(@Nullable Throwable cause) {
        return new IOException("the journal in " + directory + " is closed", cause);
    }

    /** The records of one cell, or of all. */
    private List<JournalRecord> read(@Nullable CellId only) throws IOException, UnreadableException {
        byte[] prefix = only == null ? new byte[0] : key(only, new byte[0]);
        List<JournalRecord> records = new ArrayList<>();
        try (ReadOptions options = new ReadOptions().setFillCache(false);
                RocksIterator iterator = database.newIterator(options)) {
            iterator.seek(only == null ? new byte[] {1} : prefix);
            while (iterator.isValid() && startsWith(iterator.key(), prefix)) {
                records.add(decode(iterator.key(), iterator.value()));
                iterator.next();
            }
            iterator.status();
            return records;
        } catch (RocksDBException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    private static byte[] key(CellId cell, byte[] recordKey) {
        byte[] name = cell.name().getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(1 + name.length + recordKey.length)
                .put((byte) name.length)
                .put(name)
                .put(recordKey)
                .array();
    }

    private static JournalRecord decode(byte[] key, byte[] value) throws UnreadableException {
        int start = 1 + key[0];
        if (key[0] < 1 || start > key.length) {
            throw new ByteReader("journal key", key, 0, key.length).damaged("no cell");
        }
        return JournalCodec.decode(Arrays.copyOfRange(key, start, key.length), value);
    }

    /** Writes what waits, and closes the database. */
    @Override
    public void close() {
        if (!thread.isTerminated()) {
            // Waits for the writes under way; when this thread is interrupted, those that have not begun are dropped.
            thread.close();
            takeWaiting().forEach(append -> append.durable.completeExceptionally(closed(null)));
            synced.close();
            database.close();
            settings.close();
        }
    }
}
