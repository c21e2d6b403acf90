package org.anylease.store.rocks;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.anylease.store.state.StateChanges;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * Reads stored records on a thread of its own, while whoever iterates puts the earlier ones where they belong: a start
 * with a million leases is a second shorter for it. The iterator belongs to that thread until this is closed.
 */
final class ReadAhead implements Iterator<StateChanges.Change>, AutoCloseable {
    private static final int CHUNK_RECORDS = 2048;
    private static final int CHUNKS_AHEAD = 8;

    private final RocksIterator iterator;
    private final BlockingQueue<List<StateChanges.Change>> chunks = new ArrayBlockingQueue<>(CHUNKS_AHEAD);
    private final Thread reader;
    private List<StateChanges.Change> chunk = List.of();
    private int next;
    private boolean ended;
    /** Written before the last chunk is handed over, read after it. */
    private @Nullable RuntimeException failure;

    /** Reads from where the iterator stands to its end. */
    ReadAhead(RocksIterator iterator) {
        this.iterator = iterator;
        this.reader = Thread.ofPlatform().name("store-read").daemon().start(this::read);
    }

    private void read() {
        try {
            try {
                while (iterator.isValid()) {
                    chunks.put(nextChunk());
                }
            } catch (RuntimeException e) {
                failure = e;
            }
            chunks.put(List.of());
        } catch (InterruptedException e) {
            // Closed before the end: nobody takes what is left.
            Thread.currentThread().interrupt();
        }
    }

    private List<StateChanges.Change> nextChunk() {
        List<StateChanges.Change> records = new ArrayList<>(CHUNK_RECORDS);
        while (records.size() < CHUNK_RECORDS && iterator.isValid()) {
            records.add(new StateChanges.Change(iterator.key(), iterator.value()));
            iterator.next();
        }
        return records;
    }

    /**
     * Whether there is another record. Waits for the reader.
     *
     * @throws IllegalStateException when the reader failed or the thread is interrupted
     */
    @Override
    public boolean hasNext() {
        if (next == chunk.size() && !ended) {
            try {
                chunk = chunks.take();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while the lease store was read", e);
            }
            next = 0;
            ended = chunk.isEmpty();
            if (ended && failure != null) {
                throw failure;
            }
        }
        return next < chunk.size();
    }

    @Override
    public StateChanges.Change next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return chunk.get(next++);
    }

    /** Says whether all was read well. To be called at the end. */
    void status() throws RocksDBException {
        if (!ended) {
            throw new IllegalStateException("not all records were read");
        }
        iterator.status();
    }

    /** Ends the reader, so that the iterator may be closed. */
    @Override
    public void close() {
        reader.interrupt();
        boolean interrupted = false;
        while (reader.isAlive()) {
            try {
                reader.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
