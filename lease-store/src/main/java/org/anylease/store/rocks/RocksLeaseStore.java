package org.anylease.store.rocks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.codec.ByteReader;
import org.anylease.store.codec.UnreadableException;
import org.anylease.store.lease.Binding;
import org.anylease.store.state.LeaseTable;
import org.anylease.store.state.StateChanges;
import org.anylease.store.state.StoredKeys;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Checkpoint;
import org.rocksdb.FlushOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * A cell's durable state in a RocksDB database.
 *
 * <p>There is no write-ahead log: the cell's replicated log is one. What was written and not flushed is lost in a
 * crash, always as a whole suffix of writes, and the stored {@link Position} says from where the log is to be applied
 * again. Records and position go in one atomic write.
 *
 * <p>Methods may be called from any one thread at a time, but views may be read on any thread while writes go on. A
 * store that failed to write is not to be used further: it refuses.
 */
public final class RocksLeaseStore implements AutoCloseable {
    /** With less room than this on its disk, in bytes, the store does not open: it could not flush. */
    public static final long FREE_BYTES_MIN = 64L << 20;

    private static final String DAMAGED =
            "It is damaged: move it away and start again; the server then fetches the cell from its peers.";

    static byte[] positionKey() {
        return new byte[] {0, 1};
    }

    private final RocksSettings settings;
    private final RocksDB database;
    private final WriteOptions unlogged;
    private final CellId cell;
    /** Those that are open: what they hold of the database must be given back before it is closed. */
    private final Set<RocksView> views = new HashSet<>();

    private volatile Position position;
    private volatile boolean failed;
    private volatile boolean closed;

    private RocksLeaseStore(RocksSettings settings, RocksDB database, CellId cell) {
        this.settings = settings;
        this.database = database;
        this.cell = cell;
        this.position = Position.NONE;
        this.unlogged = new WriteOptions().setDisableWAL(true);
    }

    /**
     * How far the stored state goes.
     *
     * @param term the Raft term of the entry
     * @param index the last entry included
     */
    public record Position(long term, LogIndex index) {
        /** Nothing is stored yet. */
        public static final Position NONE = new Position(0, LogIndex.NONE);
    }

    /**
     * Opens or makes the store.
     *
     * @param directory its directory, made when it does not exist
     * @param cluster the cluster's name
     * @param cell the cell
     * @return the store
     * @throws IOException with a message for the operator: the directory is of another cell or cluster, of a newer
     *     format, damaged, locked, or the disk is full
     */
    public static RocksLeaseStore open(Path directory, String cluster, CellId cell) throws IOException {
        RocksDB.loadLibrary();
        RocksSettings settings = new RocksSettings();
        RocksDB database;
        try {
            database = new DatabaseDirectory(directory, "lease store", DAMAGED).open(settings.options());
        } catch (IOException e) {
            settings.close();
            throw e;
        }
        RocksLeaseStore store = new RocksLeaseStore(settings, database, cell);
        try {
            StoreIdentity.ofLeaseStore(cluster, cell).claim(database, store.unlogged, directory);
            store.position = decodePosition(database.get(positionKey()));
            return store;
        } catch (RocksDBException | UnreadableException e) {
            store.close();
            throw new IOException("cannot read the lease store in " + directory + ": " + e.getMessage(), e);
        } catch (IOException e) {
            store.close();
            throw e;
        }
    }

    /**
     * How far the stored state goes.
     *
     * @return {@link Position#NONE} in a new store
     */
    public Position position() {
        return position;
    }

    /**
     * Reads the whole state into memory.
     *
     * @return the state as of {@link #position()}
     * @throws IOException when a record cannot be read, with what to do
     */
    public LeaseTable load() throws IOException {
        usable();
        try (ReadOptions options = new ReadOptions().setFillCache(false);
                RocksIterator iterator = database.newIterator(options)) {
            iterator.seek(new byte[] {StoredKeys.BINDING});
            try (ReadAhead records = new ReadAhead(iterator)) {
                LeaseTable table = LeaseTable.restore(cell, () -> records);
                records.status();
                return table;
            }
        } catch (RocksDBException | UnreadableException e) {
            throw new IOException(
                    "cannot read the stored state of cell " + cell + ": " + e.getMessage()
                            + ". If the store was written by a newer version, start that one; if it is damaged, move it"
                            + " away and start again: the server then fetches the cell from its peers.",
                    e);
        }
    }

    /**
     * Writes changes and the position atomically; not yet synced (the log is).
     *
     * @param term the Raft term of the last entry included
     * @param changes what has changed since the last write
     * @throws IOException when they could not be written; the store then refuses further writes
     */
    public void write(long term, StateChanges changes) throws IOException {
        usable();
        Position next = new Position(term, changes.upTo());
        try (WriteBatch batch = new WriteBatch()) {
            for (StateChanges.Change change : changes.changes()) {
                byte[] value = change.value();
                if (value == null) {
                    batch.delete(change.key());
                } else {
                    batch.put(change.key(), value);
                }
            }
            batch.put(positionKey(), encodePosition(next));
            database.write(unlogged, batch);
            position = next;
        } catch (RocksDBException e) {
            throw failed("write", e);
        }
    }

    /**
     * Makes all that was written durable.
     *
     * @throws IOException when that failed; the store then refuses further writes
     */
    public void flush() throws IOException {
        usable();
        try (FlushOptions options = new FlushOptions().setWaitForFlush(true)) {
            database.flush(options);
        } catch (RocksDBException e) {
            throw failed("flush", e);
        }
    }

    /**
     * Writes a checkpoint of the state (hard links where possible).
     *
     * @param target a directory that does not exist yet, on the same disk for hard links
     * @return how far the checkpoint goes
     * @throws IOException when it could not be written
     */
    public Position checkpoint(Path target) throws IOException {
        flush();
        Position reached = position;
        try (Checkpoint checkpoint = Checkpoint.create(database)) {
            checkpoint.createCheckpoint(target.toString());
            return reached;
        } catch (RocksDBException e) {
            throw new IOException(
                    "cannot write a checkpoint of cell " + cell + " to " + target + ": " + e.getMessage(), e);
        }
    }

    /**
     * A consistent view of the stored state, for lists; from any thread, while writes go on.
     *
     * @return to be closed; when the store is closed first, reading it throws {@link UncheckedIOException}
     * @throws UncheckedIOException when the store cannot be read
     */
    public View view() {
        try {
            synchronized (views) {
                usable();
                RocksView view = new RocksView(database, this::forget);
                views.add(view);
                return view;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void forget(RocksView view) {
        synchronized (views) {
            views.remove(view);
        }
    }

    /** A consistent view. */
    public interface View extends AutoCloseable {
        /**
         * How far the viewed state goes.
         *
         * @return its position
         */
        Position position();

        /**
         * The bindings from an address on, decoded as they are read.
         *
         * @param from the lowest address of interest
         * @return in order of address; iterating throws {@link UncheckedIOException} when a record cannot be
         *     read
         */
        Iterable<Binding> bindings(Ipv4 from);

        /**
         * All bindings, decoded as they are read.
         *
         * @return in order of address; iterating throws {@link UncheckedIOException} when a record cannot be
         *     read
         */
        default Iterable<Binding> bindings() {
            return bindings(Ipv4.UNSPECIFIED);
        }

        /**
         * All records of the state, as they are stored.
         *
         * @return in order of key; iterating throws {@link UncheckedIOException} when the store cannot be read
         */
        Iterable<StateChanges.Change> records();

        @Override
        void close();
    }

    @Override
    public void close() {
        if (!closed) {
            List<RocksView> left;
            synchronized (views) {
                closed = true;
                left = List.copyOf(views);
            }
            left.forEach(RocksView::close);
            unlogged.close();
            database.close();
            settings.close();
        }
    }

    private void usable() throws IOException {
        if (closed || failed) {
            throw new IOException(
                    "the lease store of cell " + cell + (closed ? " is closed" : " failed to write before"));
        }
    }

    private IOException failed(String what, RocksDBException e) {
        failed = true;
        return new IOException(
                "cannot " + what + " the lease store of cell " + cell + ": " + e.getMessage()
                        + ". The replica stops; check the disk, then start again.",
                e);
    }

    private static byte[] encodePosition(Position position) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(position.term)
                .putLong(position.index.value())
                .array();
    }

    static Position decodePosition(byte @Nullable [] value) throws UnreadableException {
        if (value == null) {
            return Position.NONE;
        }
        ByteReader in = new ByteReader("position", value, 0, value.length);
        long term = in.u64();
        long index = in.u64();
        if (index < 0) {
            throw in.damaged("index " + index);
        }
        return new Position(term, new LogIndex(index));
    }
}
