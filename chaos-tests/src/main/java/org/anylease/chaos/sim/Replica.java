package org.anylease.chaos.sim;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.codec.EntryCodec;
import org.anylease.store.codec.UnreadableException;
import org.anylease.store.state.Applied;
import org.anylease.store.state.LeaseTable;
import org.anylease.store.state.StateChanges;

/**
 * One server's copy of a cell: a table in memory, and what of it is on disk. A crash leaves what is on disk, which may
 * lag far behind; the log between the two is applied again.
 */
final class Replica {
    private final CellId cell;
    private final ServerId server;
    private final Tampering tampering;
    private final Comparator<byte[]> order = Arrays::compareUnsigned;
    private TreeMap<byte[], byte[]> disk = new TreeMap<>(order);
    private LogIndex durable = LogIndex.NONE;
    private final ArrayDeque<StateChanges> unwritten = new ArrayDeque<>();
    private LeaseTable table;

    Replica(CellId cell, ServerId server, Tampering tampering) {
        this.cell = cell;
        this.server = server;
        this.tampering = tampering;
        table = new LeaseTable(cell);
    }

    LeaseTable table() {
        return table;
    }

    LogIndex applied() {
        return table.appliedIndex();
    }

    LogIndex durable() {
        return durable;
    }

    Applied apply(LogIndex index, byte[] entry) {
        try {
            Applied applied = table.apply(
                    index, EntryCodec.decodeEntry(ByteBuffer.wrap(tampering.applying(server, index, entry))));
            unwritten.add(table.takeChanges());
            return applied;
        } catch (UnreadableException e) {
            throw new IllegalStateException("entry " + index + " cannot be read", e);
        }
    }

    /** Writes the oldest changes that wait, one entry's at a time. */
    void write(int entries) {
        for (int i = 0; i < entries && !unwritten.isEmpty(); i++) {
            StateChanges changes = tampering.storing(server, unwritten.remove());
            for (StateChanges.Change change : changes.changes()) {
                byte[] value = change.value();
                if (value == null) {
                    disk.remove(change.key());
                } else {
                    disk.put(change.key(), value);
                }
            }
            durable = changes.upTo();
        }
    }

    /** Forgets all but the disk. */
    void crash() {
        unwritten.clear();
    }

    /** Reads the disk. */
    void restart() {
        table = restored(disk);
    }

    /** Takes another copy's state in the place of this one's, as a leader's snapshot does. */
    void install(Replica other) {
        other.write(Integer.MAX_VALUE);
        disk = new TreeMap<>(order);
        disk.putAll(other.disk);
        durable = other.durable;
        unwritten.clear();
        table = restored(disk);
    }

    private LeaseTable restored(Map<byte[], byte[]> stored) {
        List<StateChanges.Change> records = new ArrayList<>(stored.size());
        stored.forEach((key, value) -> records.add(new StateChanges.Change(key, value)));
        try {
            return LeaseTable.restore(cell, records);
        } catch (UnreadableException e) {
            throw new IllegalStateException("the state that " + server + " stored cannot be read", e);
        }
    }
}
