package org.anylease.store.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.codec.ByteReader;
import org.anylease.store.codec.ByteWriter;
import org.anylease.store.codec.ConflictCodec;
import org.anylease.store.codec.UnreadableException;
import org.anylease.store.command.Conflict;

/** The conflicts that nobody has seen to yet, oldest first; when there are too many, the oldest go, and are counted. */
final class ConflictLedger {
    /** How many are kept. */
    static final int CONFLICTS_MAX = 1000;

    private static final int VERSION = 1;

    private final MetaRecords meta;
    private final TreeMap<Octets, Conflict> conflicts = new TreeMap<>();
    private long dropped;

    ConflictLedger(MetaRecords meta) {
        this.meta = meta;
    }

    List<Conflict> all() {
        return List.copyOf(conflicts.values());
    }

    long dropped() {
        return dropped;
    }

    void add(Conflict conflict) {
        byte[] key = StoredKeys.conflict(conflict);
        ByteWriter out = new ByteWriter();
        ConflictCodec.encode(conflict, out);
        meta.put(key, out.toArray());
        conflicts.put(Octets.of(key), conflict);
        while (conflicts.size() > CONFLICTS_MAX) {
            Map.Entry<Octets, Conflict> oldest = conflicts.firstEntry();
            conflicts.remove(oldest.getKey());
            meta.remove(oldest.getKey().toArray());
            dropped++;
            out.reset();
            out.u8(VERSION);
            out.varint(dropped);
            meta.put(StoredKeys.conflictsDropped(), out.toArray());
        }
    }

    /** Forgets those that an entry found at an address, and returns how many. */
    int clear(Ipv4 address, LogIndex index) {
        List<Octets> cleared = new ArrayList<>();
        conflicts.forEach((key, conflict) -> {
            if (conflict.address().equals(address) && conflict.index().equals(index)) {
                cleared.add(key);
            }
        });
        for (Octets key : cleared) {
            conflicts.remove(key);
            meta.remove(key.toArray());
        }
        return cleared.size();
    }

    void restore(byte[] key, ByteReader in) throws UnreadableException {
        if (key.length == 1) {
            in.version(VERSION);
            dropped = in.varint();
        } else {
            conflicts.put(Octets.of(key), ConflictCodec.decode(in));
        }
        in.end();
    }
}
