package org.anylease.store.codec;

import java.time.Instant;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.command.Conflict;
import org.anylease.store.command.PromiseRule;
import org.anylease.store.lease.LeaseClient;

/** A conflict as bytes, in the durable state and in snapshots. */
public final class ConflictCodec {
    /** The format version that this program reads and writes. */
    public static final int VERSION = 1;

    private ConflictCodec() {}

    /**
     * Encodes a conflict.
     *
     * @param conflict the conflict
     * @param out where to
     */
    public static void encode(Conflict conflict, ByteWriter out) {
        out.u8(VERSION);
        out.u32(conflict.address().bits());
        out.varint(conflict.index().value());
        out.varint(conflict.time().toEpochMilli());
        LeaseClient holder = conflict.holder();
        out.flag(holder != null);
        if (holder != null) {
            BindingCodec.encodeClient(holder, out);
        }
        out.varint(conflict.holderUntil().toEpochMilli());
        BindingCodec.encodeClient(conflict.promised(), out);
        out.text(conflict.by().name());
        out.u8(conflict.rule().code());
        out.varint(conflict.until().toEpochMilli());
    }

    /**
     * Reads a conflict.
     *
     * @param in at its start; left behind it
     * @return the conflict
     * @throws UnreadableException when the bytes are damaged or of another version
     */
    public static Conflict decode(ByteReader in) throws UnreadableException {
        in.version(VERSION);
        try {
            return new Conflict(
                    new Ipv4(in.u32()),
                    new LogIndex(in.varint()),
                    Instant.ofEpochMilli(in.varint()),
                    in.flag() ? BindingCodec.decodeClient(in) : null,
                    Instant.ofEpochMilli(in.varint()),
                    BindingCodec.decodeClient(in),
                    ConfigCodec.server(in),
                    PromiseRule.ofCode(in.u8()),
                    Instant.ofEpochMilli(in.varint()));
        } catch (IllegalArgumentException e) {
            throw in.damaged(String.valueOf(e.getMessage()));
        }
    }
}
