package org.anylease.store.codec;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.anylease.store.cell.Incarnation;
import org.anylease.store.command.Batch;
import org.anylease.store.command.BatchApplied;
import org.anylease.store.command.Entry;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome;

/** Entries and what they are made of, as bytes. A leader assembles an entry from encoded batches unread. */
public final class EntryCodec {
    /** The format version of batches, entries and outcomes that this program writes. */
    public static final int VERSION = 3;

    /** The oldest version that it reads. */
    public static final int VERSION_MIN = 1;

    /** From this version on, a batch has a validity time. */
    private static final int VALIDITY_SINCE = 2;

    /**
     * No command is longer, encoded, in bytes: what one entry of the log holds, with room for what stands around it.
     * Only a configuration can be, and bindings to be restored.
     */
    public static final int COMMAND_BYTES_MAX = (2 << 20) - (64 << 10);

    private EntryCodec() {}

    /**
     * How long a command is in its batch.
     *
     * @param command the command
     * @return in bytes; found by encoding it
     */
    public static int encodedBytes(LeaseCommand command) {
        ByteWriter out = new ByteWriter();
        CommandCodec.encode(command, out);
        return out.length();
    }

    /**
     * Encodes a batch.
     *
     * @param batch the batch
     * @return its bytes, for {@link #assemble}
     */
    public static byte[] encodeBatch(Batch batch) {
        ByteWriter out = new ByteWriter();
        out.u8(VERSION);
        origin(batch.origin(), out);
        out.varint(batch.sequence());
        Instant voidAfter = batch.voidAfter();
        out.flag(voidAfter != null);
        if (voidAfter != null) {
            out.varint(voidAfter.toEpochMilli());
        }
        out.varint(batch.commands().size());
        for (LeaseCommand command : batch.commands()) {
            CommandCodec.encode(command, out);
        }
        return out.toArray();
    }

    /**
     * Reads a batch alone, such as one that a proposer sent.
     *
     * @param bytes of {@link #encodeBatch}; the buffer's position stays
     * @return the batch
     * @throws UnreadableException when they are damaged or of another version
     */
    public static Batch decodeBatch(ByteBuffer bytes) throws UnreadableException {
        return batch(ByteReader.of("batch", bytes));
    }

    /**
     * Puts an entry together.
     *
     * @param stamp the leader's clock
     * @param encodedBatches of {@link #encodeBatch}, copied unread
     * @return the entry's bytes
     */
    public static byte[] assemble(Instant stamp, List<byte[]> encodedBatches) {
        ByteWriter out = new ByteWriter();
        out.u8(VERSION);
        out.zigzag(stamp.toEpochMilli());
        out.varint(encodedBatches.size());
        for (byte[] batch : encodedBatches) {
            out.block(batch);
        }
        return out.toArray();
    }

    /**
     * Reads an entry.
     *
     * @param bytes of {@link #assemble}; the buffer's position stays
     * @return the entry
     * @throws UnreadableException when they, or those of a batch, are damaged or of another version
     */
    public static Entry decodeEntry(ByteBuffer bytes) throws UnreadableException {
        ByteReader in = ByteReader.of("entry", bytes);
        in.version(VERSION_MIN, VERSION);
        long stamp = in.zigzag();
        int count = in.count();
        List<Batch> batches = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            batches.add(batch(in.block("batch")));
        }
        in.end();
        try {
            return new Entry(Instant.ofEpochMilli(stamp), batches);
        } catch (IllegalArgumentException e) {
            throw in.damaged(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Encodes what became of a batch.
     *
     * @param batch what became of it
     * @return its bytes
     */
    public static byte[] encodeOutcomes(BatchApplied batch) {
        ByteWriter out = new ByteWriter();
        out.u8(VERSION);
        origin(batch.origin(), out);
        out.varint(batch.sequence());
        out.varint(batch.outcomes().size());
        for (Outcome outcome : batch.outcomes()) {
            OutcomeCodec.encode(outcome, out);
        }
        return out.toArray();
    }

    /**
     * Reads what became of a batch.
     *
     * @param bytes of {@link #encodeOutcomes}; the buffer's position stays
     * @return what became of it
     * @throws UnreadableException when they are damaged or of another version
     */
    public static BatchApplied decodeOutcomes(ByteBuffer bytes) throws UnreadableException {
        ByteReader in = ByteReader.of("outcomes", bytes);
        in.version(VERSION_MIN, VERSION);
        Incarnation origin = origin(in);
        long sequence = in.varint();
        int count = in.count();
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            outcomes.add(OutcomeCodec.decode(in));
        }
        in.end();
        return new BatchApplied(origin, sequence, outcomes);
    }

    private static Batch batch(ByteReader in) throws UnreadableException {
        int version = in.version(VERSION_MIN, VERSION);
        Incarnation origin = origin(in);
        long sequence = in.varint();
        Instant voidAfter = version >= VALIDITY_SINCE && in.flag() ? Instant.ofEpochMilli(in.varint()) : null;
        int count = in.count();
        List<LeaseCommand> commands = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            commands.add(CommandCodec.decode(in, version));
        }
        in.end();
        try {
            return new Batch(origin, sequence, commands, voidAfter);
        } catch (IllegalArgumentException e) {
            throw in.damaged(String.valueOf(e.getMessage()));
        }
    }

    private static void origin(Incarnation origin, ByteWriter out) {
        out.text(origin.server().name());
        out.u64(origin.disk());
    }

    private static Incarnation origin(ByteReader in) throws UnreadableException {
        return new Incarnation(ConfigCodec.server(in), in.u64());
    }
}
