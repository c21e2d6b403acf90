package org.anylease.store.codec;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import org.anylease.store.command.Batch;
import org.anylease.store.command.Entry;
import org.anylease.store.state.Applied;

/** Entries and what they are made of, as bytes. A leader assembles an entry from encoded batches unread. */
public final class EntryCodec {
    private EntryCodec() {}

    public static byte[] encodeBatch(Batch batch) {
        throw new IllegalStateException("being written");
    }

    public static byte[] assemble(Instant stamp, List<byte[]> encodedBatches) {
        throw new IllegalStateException("being written");
    }

    public static Entry decodeEntry(ByteBuffer bytes) throws UnreadableException {
        throw new IllegalStateException("being written");
    }

    public static byte[] encodeOutcomes(Applied.BatchApplied batch) {
        throw new IllegalStateException("being written");
    }

    public static Applied.BatchApplied decodeOutcomes(ByteBuffer bytes) throws UnreadableException {
        throw new IllegalStateException("being written");
    }
}
