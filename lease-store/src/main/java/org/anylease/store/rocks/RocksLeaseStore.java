package org.anylease.store.rocks;

import java.io.IOException;
import java.nio.file.Path;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.lease.Binding;
import org.anylease.store.state.LeaseTable;
import org.anylease.store.state.StateChanges;

/** A cell's durable state. Methods may be called from any one thread at a time unless said otherwise. (Being written.) */
public final class RocksLeaseStore implements AutoCloseable {
    private static final String BEING_WRITTEN = "being written";

    private RocksLeaseStore() {}

    /** How far the stored state goes. */
    public record Position(long term, LogIndex index) {}

    /**
     * Opens or makes the store.
     *
     * @throws IOException with a message for the operator: the directory is of another cell or cluster, of a newer
     *     format, damaged, locked, or the disk is full
     */
    public static RocksLeaseStore open(Path directory, String cluster, CellId cell) throws IOException {
        throw new IllegalStateException(BEING_WRITTEN);
    }

    public Position position() {
        throw new IllegalStateException(BEING_WRITTEN);
    }

    /** Reads the whole state into memory. */
    public LeaseTable load() throws IOException {
        throw new IllegalStateException(BEING_WRITTEN);
    }

    /** Writes changes and the position atomically; not yet synced (the log is). */
    public void write(long term, StateChanges changes) throws IOException {
        throw new IllegalStateException(BEING_WRITTEN);
    }

    /** Makes all that was written durable. */
    public void flush() throws IOException {
        throw new IllegalStateException(BEING_WRITTEN);
    }

    /** Writes a checkpoint of the state (hard links where possible) into a directory that does not exist yet. */
    public Position checkpoint(Path target) throws IOException {
        throw new IllegalStateException(BEING_WRITTEN);
    }

    /** A consistent view of the stored state, for lists; from any thread, while writes go on. Close it. */
    public View view() {
        throw new IllegalStateException(BEING_WRITTEN);
    }

    /** A consistent view. */
    public interface View extends AutoCloseable {
        Position position();

        /** All bindings in order of address, decoded as they are read. */
        Iterable<Binding> bindings();

        @Override
        void close();
    }

    @Override
    public void close() {
        throw new IllegalStateException(BEING_WRITTEN);
    }
}
