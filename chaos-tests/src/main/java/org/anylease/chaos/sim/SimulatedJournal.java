package org.anylease.chaos.sim;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.anylease.store.alone.JournalCodec;
import org.anylease.store.alone.JournalRecord;
import org.anylease.store.alone.PromiseJournal;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.codec.UnreadableException;
import org.jspecify.annotations.Nullable;

/**
 * The disk under a server's journals. An append is written with all that wait beside it in one sync, a moment later; it
 * is atomic. A crash leaves the syncs that were done, and of what waited as many appends from the front as chance
 * wills: the last write is torn, and a torn append counts as none. A full disk fails the sync and everything after it.
 */
final class SimulatedJournal {
    private static final Duration SYNC_MIN = Duration.ofNanos(200_000);
    private static final Duration SYNC_MAX = Duration.ofMillis(12);

    private final ServerId server;
    private final World world;
    private final RandomGenerator random;
    private final TreeMap<CellId, TreeMap<byte[], byte[]>> durable = new TreeMap<>();
    private final ArrayDeque<Append> waiting = new ArrayDeque<>();
    private Duration slowness = Duration.ZERO;
    private boolean syncing;
    private boolean full;
    private int life;

    private record Append(CellId cell, List<Written> records, Synced synced) {}

    // Byte arrays are compared by nobody here.
    @SuppressWarnings("ArrayRecordComponent")
    private record Written(byte[] key, byte @Nullable [] value) {}

    /** Hears what became of an append. */
    interface Synced {
        void synced(boolean durable);
    }

    SimulatedJournal(ServerId server, World world) {
        this.server = server;
        this.world = world;
        random = world.dice().fork("journal " + server);
    }

    /** What a restart reads. */
    PromiseJournal load(CellId cell) {
        return PromiseJournal.restore(records(cell));
    }

    /** The records that a crash would leave. */
    List<JournalRecord> records(CellId cell) {
        List<JournalRecord> records = new ArrayList<>();
        durable.getOrDefault(cell, new TreeMap<>(Arrays::compareUnsigned)).forEach((key, value) -> {
            try {
                records.add(JournalCodec.decode(key, value));
            } catch (UnreadableException e) {
                throw new IllegalStateException("the journal of " + server + " cannot be read", e);
            }
        });
        return records;
    }

    /** Appends records, all or none; the answer never comes from within the call. */
    void append(CellId cell, List<? extends JournalRecord> records, Synced synced) {
        List<Written> written = new ArrayList<>();
        for (JournalRecord record : world.tampering().journaling(server, records)) {
            written.add(new Written(JournalCodec.key(record), JournalCodec.value(record)));
        }
        waiting.add(new Append(cell, written, synced));
        if (!syncing) {
            syncing = true;
            int now = life;
            Duration sync = Dice.between(random, SYNC_MIN, SYNC_MAX).plus(slowness);
            world.queue().after(sync, () -> sync(now));
        }
    }

    private void sync(int begunIn) {
        if (begunIn != life) {
            return;
        }
        syncing = false;
        List<Append> group = new ArrayList<>(waiting);
        waiting.clear();
        if (!full) {
            group.forEach(this::write);
        }
        for (Append append : group) {
            // One of them may end the server.
            if (begunIn == life) {
                append.synced.synced(!full);
            }
        }
    }

    private void write(Append append) {
        TreeMap<byte[], byte[]> map = durable.computeIfAbsent(append.cell, _ -> new TreeMap<>(Arrays::compareUnsigned));
        for (Written record : append.records) {
            byte[] value = record.value;
            if (value == null) {
                map.remove(record.key);
            } else {
                map.put(record.key, value);
            }
        }
    }

    /** Leaves what is on the disk. */
    void crash() {
        life++;
        syncing = false;
        int whole = waiting.isEmpty() || full ? 0 : random.nextInt(waiting.size() + 1);
        for (int i = 0; i < whole; i++) {
            write(waiting.remove());
        }
        if (!waiting.isEmpty()) {
            world.count("journal appends lost");
        }
        waiting.clear();
    }

    /** Nothing more fits, or something does again. */
    void full(boolean next) {
        full = next;
    }

    /** How much longer a sync takes than it should. */
    void slow(Duration next) {
        slowness = next;
    }

    boolean isSlow() {
        return full || slowness.isPositive();
    }

    /** Another disk is put in. */
    void wipe() {
        durable.clear();
        waiting.clear();
    }
}
