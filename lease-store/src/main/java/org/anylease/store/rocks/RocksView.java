package org.anylease.store.rocks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
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

/** A view through a snapshot of the database. Its iterators end with it. Confined to one thread at a time. */
final class RocksView implements RocksLeaseStore.View {
    private final RocksDB database;
    private final Snapshot snapshot;
    private final Slice end = new Slice(new byte[] {StoredKeys.BINDING + 1});
    private final ReadOptions options;
    private final ReadOptions unbounded;
    private final RocksLeaseStore.Position position;
    private final List<RocksIterator> open = new ArrayList<>();
    private boolean closed;

    RocksView(RocksDB database) throws IOException {
        this.database = database;
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
        return () -> {
            RocksIterator iterator = database.newIterator(options);
            open.add(iterator);
            iterator.seek(StoredKeys.binding(from.bits()));
            return new Bindings(iterator);
        };
    }

    @Override
    public Iterable<StateChanges.Change> records() {
        return () -> {
            RocksIterator iterator = database.newIterator(unbounded);
            open.add(iterator);
            iterator.seek(new byte[] {StoredKeys.BINDING});
            return new Records(iterator);
        };
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            open.forEach(RocksIterator::close);
            options.close();
            unbounded.close();
            end.close();
            database.releaseSnapshot(snapshot);
            snapshot.close();
        }
    }

    private static boolean isValid(RocksIterator iterator) {
        if (iterator.isValid()) {
            return true;
        }
        try {
            iterator.status();
            return false;
        } catch (RocksDBException e) {
            throw new UncheckedIOException(new IOException("cannot read the lease store: " + e.getMessage(), e));
        }
    }

    /** Bindings from where an iterator stands. */
    private static final class Bindings implements Iterator<Binding> {
        private final RocksIterator iterator;

        Bindings(RocksIterator iterator) {
            this.iterator = iterator;
        }

        @Override
        public boolean hasNext() {
            return isValid(iterator);
        }

        @Override
        public Binding next() {
            if (!iterator.isValid()) {
                throw new NoSuchElementException();
            }
            byte[] value = iterator.value();
            try {
                Binding binding = BindingCodec.decode(
                        StoredKeys.address(iterator.key()), new ByteReader("binding record", value, 0, value.length));
                iterator.next();
                return binding;
            } catch (UnreadableException e) {
                throw new UncheckedIOException(new IOException(e.getMessage(), e));
            }
        }
    }

    /** Records from where an iterator stands. */
    private static final class Records implements Iterator<StateChanges.Change> {
        private final RocksIterator iterator;

        Records(RocksIterator iterator) {
            this.iterator = iterator;
        }

        @Override
        public boolean hasNext() {
            return isValid(iterator);
        }

        @Override
        public StateChanges.Change next() {
            if (!iterator.isValid()) {
                throw new NoSuchElementException();
            }
            StateChanges.Change record = new StateChanges.Change(iterator.key(), iterator.value());
            iterator.next();
            return record;
        }
    }
}
