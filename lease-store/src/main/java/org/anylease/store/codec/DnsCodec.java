package org.anylease.store.codec;

import java.time.Instant;
import org.anylease.store.address.Ipv4;
import org.anylease.store.dns.DnsEntry;
import org.anylease.store.dns.DnsRecord;
import org.anylease.store.dns.DnsRecord.Phase;
import org.anylease.store.dns.DnsRecord.Style;

/**
 * What a cell has on record about DNS, as bytes.
 *
 * <pre>
 * entry   u8 version, varint index, varint since (milliseconds), record
 * record  u8 phase, text name, octets owner, u8 style, u8 forward
 * </pre>
 */
public final class DnsCodec {
    /** The format version of an entry that this program reads and writes. */
    public static final int VERSION = 1;

    private DnsCodec() {}

    /**
     * Appends an entry; its address is the key.
     *
     * @param entry what to encode
     * @param out where to
     */
    public static void encode(DnsEntry entry, ByteWriter out) {
        out.u8(VERSION);
        out.varint(entry.index().value());
        out.varint(entry.since().toEpochMilli());
        record(entry.record(), out);
    }

    /**
     * Reads an entry.
     *
     * @param address its address
     * @param in at its start; left behind it
     * @return the entry
     * @throws UnreadableException when the bytes are damaged or of another version
     */
    public static DnsEntry decode(Ipv4 address, ByteReader in) throws UnreadableException {
        in.version(VERSION);
        return new DnsEntry(address, in.index(), Instant.ofEpochMilli(in.varint()), record(in));
    }

    static void record(DnsRecord record, ByteWriter out) {
        out.u8(number(record.phase()));
        out.text(record.name());
        out.octets(record.owner());
        out.u8(number(record.style()));
        out.flag(record.forward());
    }

    static DnsRecord record(ByteReader in) throws UnreadableException {
        try {
            return new DnsRecord(phase(in), in.text(), in.octets(), style(in), in.flag());
        } catch (IllegalArgumentException e) {
            throw in.damaged(String.valueOf(e.getMessage()));
        }
    }

    private static int number(Phase phase) {
        return switch (phase) {
            case ADDING -> 1;
            case PRESENT -> 2;
            case REMOVING -> 3;
            case REFUSED -> 4;
        };
    }

    private static Phase phase(ByteReader in) throws UnreadableException {
        int number = in.u8();
        return switch (number) {
            case 1 -> Phase.ADDING;
            case 2 -> Phase.PRESENT;
            case 3 -> Phase.REMOVING;
            case 4 -> Phase.REFUSED;
            default -> throw in.damaged("no phase of a DNS record has the number " + number);
        };
    }

    private static int number(Style style) {
        return switch (style) {
            case STANDARD -> 1;
            case INTERIM -> 2;
            case UNGUARDED -> 3;
        };
    }

    private static Style style(ByteReader in) throws UnreadableException {
        int number = in.u8();
        return switch (number) {
            case 1 -> Style.STANDARD;
            case 2 -> Style.INTERIM;
            case 3 -> Style.UNGUARDED;
            default -> throw in.damaged("no style of a DNS record has the number " + number);
        };
    }
}
