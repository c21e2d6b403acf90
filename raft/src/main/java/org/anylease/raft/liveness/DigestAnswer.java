package org.anylease.raft.liveness;

import org.anylease.store.cell.LogIndex;
import org.anylease.store.codec.ByteReader;
import org.anylease.store.codec.ByteWriter;
import org.anylease.store.codec.UnreadableException;
import org.anylease.store.state.LeaseDigest;
import org.anylease.store.state.RangeDigests;

/** What a server answers when it is asked for the digests of its copy at an entry. */
public sealed interface DigestAnswer {
    /**
     * The digests at that entry.
     *
     * @param index the entry
     * @param table of the table in memory
     * @param stored of what is stored
     */
    record Taken(LogIndex index, LeaseDigest table, RangeDigests stored) implements DigestAnswer {}

    /**
     * It was past that entry already.
     *
     * @param applied how far it was
     */
    record Passed(LogIndex applied) implements DigestAnswer {}

    /**
     * The answer as bytes.
     *
     * @return kind and fields
     */
    default byte[] encode() {
        ByteWriter out = new ByteWriter();
        switch (this) {
            case Passed(LogIndex applied) -> {
                out.u8(0);
                out.varint(applied.value());
            }
            case Taken(LogIndex index, LeaseDigest table, RangeDigests stored) -> {
                out.u8(1);
                out.varint(index.value());
                out.u64(table.value());
                stored.encode(out);
            }
        }
        return out.toArray();
    }

    /**
     * Reads an answer.
     *
     * @param bytes from {@link #encode()}
     * @return the answer
     * @throws UnreadableException when they are of another version or damaged
     */
    static DigestAnswer decode(byte[] bytes) throws UnreadableException {
        ByteReader in = new ByteReader("digests of a copy", bytes, 0, bytes.length);
        int kind = in.u8();
        return switch (kind) {
            case 0 -> new Passed(in.index());
            case 1 -> new Taken(in.index(), new LeaseDigest(in.u64()), RangeDigests.decode(in));
            default -> throw in.damaged("an answer of kind " + kind);
        };
    }
}
