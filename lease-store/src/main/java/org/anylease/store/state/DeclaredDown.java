package org.anylease.store.state;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.codec.ByteReader;
import org.anylease.store.codec.ByteWriter;
import org.anylease.store.codec.UnreadableException;
import org.anylease.store.config.CellTimers;
import org.jspecify.annotations.Nullable;

/** The servers that an operator has declared down, and since when. */
final class DeclaredDown {
    private static final int VERSION = 1;

    private final MetaRecords meta;
    private final TreeMap<ServerId, Instant> since = new TreeMap<>();

    DeclaredDown(MetaRecords meta) {
        this.meta = meta;
    }

    SortedMap<ServerId, Instant> all() {
        return Collections.unmodifiableSortedMap(since);
    }

    boolean isEmpty() {
        return since.isEmpty();
    }

    boolean contains(ServerId server) {
        return since.containsKey(server);
    }

    /** Past this cell time nothing that the server promised can still run; null when it is not declared down. */
    @Nullable
    Instant over(ServerId server, CellTimers timers) {
        Instant declared = since.get(server);
        return declared == null ? null : ReuseGate.pastSkew(declared.plus(timers.longestLease()), timers);
    }

    void add(ServerId server, Instant time, LogIndex index) {
        since.put(server, time);
        ByteWriter out = new ByteWriter();
        out.u8(VERSION);
        out.varint(time.toEpochMilli());
        out.varint(index.value());
        meta.put(StoredKeys.declaredDown(server), out.toArray());
    }

    void remove(ServerId server) {
        since.remove(server);
        meta.remove(StoredKeys.declaredDown(server));
    }

    void restore(ServerId server, ByteReader in) throws UnreadableException {
        in.version(VERSION);
        since.put(server, Instant.ofEpochMilli(in.varint()));
        in.index();
        in.end();
    }
}
