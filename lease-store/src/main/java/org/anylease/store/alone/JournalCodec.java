package org.anylease.store.alone;

import java.nio.ByteBuffer;
import java.time.Instant;
import org.anylease.store.address.Ipv4;
import org.anylease.store.alone.JournalRecord.Born;
import org.anylease.store.alone.JournalRecord.Claim;
import org.anylease.store.alone.JournalRecord.ClaimGone;
import org.anylease.store.alone.JournalRecord.Promise;
import org.anylease.store.alone.JournalRecord.PromiseGone;
import org.anylease.store.alone.JournalRecord.Reported;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.codec.BindingCodec;
import org.anylease.store.codec.ByteReader;
import org.anylease.store.codec.ByteWriter;
import org.anylease.store.codec.ConfigCodec;
import org.anylease.store.codec.UnreadableException;
import org.anylease.store.command.PromiseEnding;
import org.anylease.store.command.PromiseRule;
import org.anylease.store.lease.ClientId;
import org.jspecify.annotations.Nullable;

/**
 * Journal records as keys and values of a durable map. Keys: one byte of kind, then the address and the grant's index
 * where there are any, big-endian. Keys that start with 0 belong to the store.
 */
public final class JournalCodec {
    /** The format version of values that this program writes. */
    public static final int VERSION = 2;

    /** The first one that it reads; it does not know of an earlier disk. */
    private static final int OLDEST = 1;

    private static final byte PROMISE = 1;
    private static final byte CLAIM = 2;
    private static final byte REPORTED = 3;
    private static final byte BORN = 4;

    private JournalCodec() {}

    /**
     * A record's key.
     *
     * @param record the record
     * @return its key
     */
    public static byte[] key(JournalRecord record) {
        return switch (record) {
            case Promise promise -> promiseKey(promise.address());
            case PromiseGone gone -> promiseKey(gone.address());
            case Claim claim -> claimKey(claim.address(), claim.grant());
            case ClaimGone gone -> claimKey(gone.address(), gone.grant());
            case Reported _ -> new byte[] {REPORTED};
            case Born _ -> new byte[] {BORN};
        };
    }

    private static byte[] promiseKey(Ipv4 address) {
        return ByteBuffer.allocate(1 + Integer.BYTES)
                .put(PROMISE)
                .putInt(address.bits())
                .array();
    }

    private static byte[] claimKey(Ipv4 address, LogIndex grant) {
        return ByteBuffer.allocate(1 + Integer.BYTES + Long.BYTES)
                .put(CLAIM)
                .putInt(address.bits())
                .putLong(grant.value())
                .array();
    }

    /**
     * A record's value.
     *
     * @param record the record
     * @return null when the key is to be removed
     */
    public static byte @Nullable [] value(JournalRecord record) {
        ByteWriter out = new ByteWriter();
        out.u8(VERSION);
        switch (record) {
            case Promise promise -> {
                BindingCodec.encodeClient(promise.client(), out);
                out.text(promise.network());
                out.varint(promise.until().toEpochMilli());
                out.varint(promise.binding().value());
                out.u8(promise.rule().code());
                out.u8(promise.ending().code());
                out.varint(promise.promised().toEpochMilli());
            }
            case Claim claim -> {
                ClientId client = claim.client();
                out.flag(client != null);
                if (client != null) {
                    ConfigCodec.clientId(client, out);
                }
                out.varint(claim.until().toEpochMilli());
                out.flag(claim.flushed());
                out.flag(claim.inUse());
            }
            case Reported reported -> out.varint(reported.index().value());
            case Born born -> {
                out.varint(born.index().value());
                out.varint(born.escrowUntil().toEpochMilli());
                out.varint(born.quietUntil().toEpochMilli());
            }
            case PromiseGone _, ClaimGone _ -> {
                return null;
            }
        }
        return out.toArray();
    }

    /**
     * Reads a record.
     *
     * @param key of {@link #key}
     * @param value of {@link #value}
     * @return the record
     * @throws UnreadableException when one of them is damaged or of another version
     */
    public static JournalRecord decode(byte[] key, byte[] value) throws UnreadableException {
        ByteReader at = new ByteReader("journal key", key, 0, key.length);
        ByteReader in = new ByteReader("journal record", value, 0, value.length);
        int kind = at.u8();
        int version = in.version(OLDEST, VERSION);
        try {
            JournalRecord record = switch (kind) {
                case PROMISE -> promise(new Ipv4(at.u32()), in);
                case CLAIM ->
                    new Claim(
                            new Ipv4(at.u32()),
                            new LogIndex(at.u64()),
                            in.flag() ? ConfigCodec.clientId(in) : null,
                            Instant.ofEpochMilli(in.varint()),
                            in.flag(),
                            in.flag());
                case REPORTED -> new Reported(in.index());
                case BORN ->
                    new Born(
                            in.index(),
                            Instant.ofEpochMilli(in.varint()),
                            version == OLDEST ? Instant.EPOCH : Instant.ofEpochMilli(in.varint()));
                default -> throw at.damaged("no record is of kind " + kind + " (was it written by a newer program?)");
            };
            at.end();
            in.end();
            return record;
        } catch (IllegalArgumentException e) {
            throw in.damaged(String.valueOf(e.getMessage()));
        }
    }

    private static Promise promise(Ipv4 address, ByteReader in) throws UnreadableException {
        return new Promise(
                address,
                BindingCodec.decodeClient(in),
                in.text(),
                Instant.ofEpochMilli(in.varint()),
                in.index(),
                PromiseRule.ofCode(in.u8()),
                PromiseEnding.ofCode(in.u8()),
                Instant.ofEpochMilli(in.varint()));
    }
}
