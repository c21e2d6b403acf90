package org.anylease.store.rocks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.anylease.store.address.Ipv4;
import org.anylease.store.codec.BindingCodec;
import org.anylease.store.codec.ByteReader;
import org.anylease.store.codec.UnreadableException;
import org.anylease.store.lease.Binding;
import org.anylease.store.state.StateChanges;
import org.anylease.store.state.StoredKeys;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;

/**
 * A view through a snapshot of the database. Used by one thread at a time, and closed by the store when that is closed
 * first: what is read then fails instead of reaching into a database that is gone.
 */
final class RocksView implements RocksLeaseStore.View {
    private final RocksDB database;
    private final Snapshot snapshot;
    private final Slice end = new Slice(new byte[] {StoredKeys.BINDING + 1});
    private final ReadOptions options;
    private final ReadOptions unbounded;
    private final Consumer<RocksView> gone;
    private final RocksLeaseStore.Position position;
    private final List<RocksIterator> open = new ArrayList<>();
    private boolean closed;

    /** A view of a database that is open; {@code gone} hears when it is closed. */
    RocksView(RocksDB database, Consumer<RocksView> gone) throws IOException {
        this.database = database;
        this.gone = gone;
        this.snapshot = database.getSnapshot();
        this.options =
                new ReadOptions().setSnapshot(snapshot).setFillCache(false).setIterateUpperBound(end);
        this.unbounded = new ReadOptions().setSnapshot(snapshot).setFillCache(false);
        try {
            this.position = RocksLeaseStore.decodePosition(database.get(options, RocksLeaseStore.positionKey()));
        } catch (RocksDBException | UnreadableException e) {
            close();
            throw new IOException("cannot read the lease store: " + e.getMessage(), e);
        }
    }

    @Override
    public RocksLeaseStore.Position position() {
        return position;
    }

    @Override
    public Iterable<Binding> bindings(Ipv4 from) {
        return () -> new Reading<>(options, StoredKeys.binding(from.bits()), RocksView::binding);
    }

    @Override
    public Iterable<StateChanges.Change> records() {
        return () -> new Reading<>(unbounded, new byte[] {StoredKeys.BINDING}, StateChanges.Change::new);
    }

    private static Binding binding(byte[] key, byte[] value) {
        try {
            return BindingCodec.decode(
                    StoredKeys.address(key), new ByteReader("binding record", value, 0, value.length));
        } catch (UnreadableException e) {
            throw new UncheckedIOException(new IOException(e.getMessage(), e));
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            open.forEach(RocksIterator::close);
            options.close();
            unbounded.close();
            end.close();
            database.releaseSnapshot(snapshot);
            snapshot.close();
        }
        gone.accept(this);
    }

    /** Records from a key on. */
    private final class Reading<T> implements Iterator<T> {
        private final RocksIterator iterator;
        private final BiFunction<byte[], byte[], T> decode;

        Reading(ReadOptions with, byte[] from, BiFunction<byte[], byte[], T> decode) {
            this.decode = decode;
            synchronized (RocksView.this) {
                checkOpen();
                iterator = database.newIterator(with);
                open.add(iterator);
                iterator.seek(from);
            }
        }

        private void checkOpen() {
            if (closed) {
                throw new UncheckedIOException(new IOException(
                        "the lease store was closed, or replaced by the leader's snapshot, while it was read:"
                                + " read again"));
            }
        }

        @Override
        public boolean hasNext() {
            synchronized (RocksView.this) {
                checkOpen();
                if (iterator.isValid()) {
                    return true;
                }
                try {
                    iterator.status();
                    return false;
                } catch (RocksDBException e) {
                    throw new UncheckedIOException(
                            new IOException("cannot read the lease store: " + e.getMessage(), e));
                }
            }
        }

        @Override
        public T next() {
            synchronized (RocksView.this) {
                checkOpen();
                if (!iterator.isValid()) {
                    throw new NoSuchElementException();
                }
                T record = decode.apply(iterator.key(), iterator.value());
                iterator.next();
                return record;
            }
        }
    }
}
