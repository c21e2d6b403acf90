package org.anylease.store.state;

import java.time.Instant;
import java.util.Optional;
import org.anylease.store.codec.ByteReader;
import org.anylease.store.codec.ByteWriter;
import org.anylease.store.codec.UnreadableException;
import org.anylease.store.config.CellTimers;
import org.jspecify.annotations.Nullable;

/** The last time that the cell was rebuilt from a survivor. */
final class Recoveries {
    private static final int VERSION = 1;

    private final MetaRecords meta;
    private @Nullable Instant since;
    private String author = "";

    Recoveries(MetaRecords meta) {
        this.meta = meta;
    }

    void begin(Instant time, String vouching) {
        since = time;
        author = vouching;
        ByteWriter out = new ByteWriter();
        out.u8(VERSION);
        out.varint(time.toEpochMilli());
        out.text(vouching);
        meta.put(StoredKeys.recovery(), out.toArray());
    }

    /** The recovery that is not outlived yet. */
    Optional<Recovery> at(Instant time, CellTimers timers) {
        if (since == null) {
            return Optional.empty();
        }
        Instant until = ReuseGate.pastSkew(since.plus(timers.longestLease()), timers);
        return time.isAfter(until) ? Optional.empty() : Optional.of(new Recovery(since, until, author));
    }

    void restore(ByteReader in) throws UnreadableException {
        in.version(VERSION);
        since = Instant.ofEpochMilli(in.varint());
        author = in.text();
        in.end();
    }
}
