package org.anylease.server.boot;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.anylease.server.port.LocalJournal;
import org.anylease.store.alone.JournalRecord;
import org.anylease.store.alone.PromiseJournal;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.rocks.RocksJournal;

/** The journal on this server's disk. Read as a whole when it is opened, so that nobody waits for it later. */
final class DiskJournal implements LocalJournal, AutoCloseable {
    private static final String DIRECTORY = "journal";

    private final RocksJournal journal;
    private final SortedMap<CellId, PromiseJournal> found;
    private final Executor loop;
    private final Consumer<Throwable> failed;
    /** Nothing that is appended from now on counts: the process ends in good order. */
    private volatile boolean closed;

    private DiskJournal(RocksJournal journal, Executor loop, Consumer<Throwable> failed) throws IOException {
        this.journal = journal;
        this.found = new TreeMap<>(journal.loadAll());
        this.loop = loop;
        this.failed = failed;
    }

    /**
     * Opens the journal.
     *
     * @param data the data directory, which is this process' own
     * @param failed hears, once, that an append failed: the server must not go on
     */
    static DiskJournal open(Path data, String cluster, ServerId server, Executor loop, Consumer<Throwable> failed)
            throws IOException {
        RocksJournal journal = RocksJournal.open(data.resolve(DIRECTORY), cluster, server);
        try {
            return new DiskJournal(journal, loop, failed);
        } catch (IOException | RuntimeException e) {
            journal.close();
            throw e;
        }
    }

    /** What this server has reported of each cell that it has not loaded yet. */
    SortedMap<CellId, LogIndex> reported() {
        TreeMap<CellId, LogIndex> reported = new TreeMap<>();
        found.forEach((cell, image) -> reported.put(cell, image.reported()));
        return reported;
    }

    @Override
    public PromiseJournal load(CellId cell) {
        PromiseJournal image = found.remove(cell);
        return image == null ? new PromiseJournal() : image;
    }

    @Override
    public void append(CellId cell, List<JournalRecord> records, Runnable synced) {
        var _ = journal.append(cell, records).whenComplete((_, failure) -> {
            if (failure == null) {
                loop.execute(synced);
            } else if (!closed) {
                failed.accept(failure);
            }
        });
    }

    @Override
    public void close() {
        closed = true;
        journal.close();
    }
}
