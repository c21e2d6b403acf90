package org.anylease.server.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.anylease.store.address.Ipv4;

/**
 * The options of a packet: code to value, each code once, in order. Immutable.
 *
 * <p>Values are whole: split ones have been joined (RFC 3396 §5) and overload has been undone (RFC 2131 §4.1), so
 * neither option 52 nor Pad and End appear here. The order is that of the wire, and equality heeds it: on the way out,
 * what comes first matters most.
 *
 * <p><b>Wrong lengths.</b> A typed read answers empty when the option is absent <em>or</em> its length does not suit the
 * type asked for: {@code u32} takes exactly four bytes, {@code ipv4List} one address or more. Nothing is cut to fit. So
 * that this does not pass unseen, {@link #malformed(int)} tells the two apart, and {@link #malformedCodes()} names
 * every option whose length its definition forbids, for counting.
 */
public final class Options {
    /** No options at all. */
    public static final Options EMPTY = new Options(new byte[0], new long[0]);

    /** The longest value an option can have here: what 16 bits count. */
    public static final int VALUE_BYTES_MAX = 65_535;

    private static final long ABSENT = -1;

    private final byte[] store;

    /** One entry for each option: code, offset into the store, length. */
    private final long[] index;

    /** Takes over both arrays. */
    Options(byte[] store, long[] index) {
        this.store = store;
        this.index = index;
    }

    /** An index entry. */
    static long entry(int code, int offset, int length) {
        return (long) code << 56 | (long) offset << 28 | length;
    }

    /**
     * A builder without options.
     *
     * @return a new builder
     */
    public static OptionsBuilder builder() {
        return new OptionsBuilder();
    }

    /**
     * A builder that starts with these options.
     *
     * @return a new builder
     */
    public OptionsBuilder toBuilder() {
        OptionsBuilder builder = new OptionsBuilder();
        for (int i = 0; i < index.length; i++) {
            builder.put(codeAt(i), valueAt(i));
        }
        return builder;
    }

    /**
     * How many options there are.
     *
     * @return at most 253
     */
    public int size() {
        return index.length;
    }

    /**
     * The code at a position.
     *
     * @param position 0 to {@code size() - 1}
     * @return the code
     */
    public int codeAt(int position) {
        return (int) (index[position] >>> 56);
    }

    /**
     * The value at a position.
     *
     * @param position 0 to {@code size() - 1}
     * @return a copy of the value
     */
    public byte[] valueAt(int position) {
        int offset = offsetAt(position);
        return Arrays.copyOfRange(store, offset, offset + lengthAt(position));
    }

    /** Length of the value at a position. */
    int lengthAt(int position) {
        return length(index[position]);
    }

    /** Where the value at a position starts in {@link #store}. */
    private int offsetAt(int position) {
        return offset(index[position]);
    }

    /** Copies part of the value at a position. */
    void copyTo(int position, int from, byte[] target, int at, int length) {
        System.arraycopy(store, offsetAt(position) + from, target, at, length);
    }

    private static int offset(long entry) {
        return (int) (entry >>> 28) & 0xfffffff;
    }

    private static int length(long entry) {
        return (int) entry & 0xfffffff;
    }

    private long find(int code) {
        for (long entry : index) {
            if (entry >>> 56 == code) {
                return entry;
            }
        }
        return ABSENT;
    }

    /** Where an option stands, or -1. */
    int positionOf(int code) {
        for (int i = 0; i < index.length; i++) {
            if (codeAt(i) == code) {
                return i;
            }
        }
        return -1;
    }

    /** The entry of an option of exactly this length, or ABSENT. */
    private long find(int code, int exactly) {
        long entry = find(code);
        return entry != ABSENT && length(entry) == exactly ? entry : ABSENT;
    }

    private int int32(int at) {
        return store[at] << 24 | (store[at + 1] & 255) << 16 | (store[at + 2] & 255) << 8 | store[at + 3] & 255;
    }

    /**
     * The codes in order.
     *
     * @return a new unmodifiable list
     */
    public List<Integer> codes() {
        Integer[] codes = new Integer[index.length];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = codeAt(i);
        }
        return List.of(codes);
    }

    /**
     * Whether an option is present, whatever its value.
     *
     * @param code the option
     * @return true when present
     */
    public boolean has(int code) {
        return find(code) != ABSENT;
    }

    /**
     * Whether an option is present with a length that its definition forbids, such as a lease time of three bytes.
     *
     * @param code the option
     * @return false when absent, of a right length, or not registered
     */
    public boolean malformed(int code) {
        long entry = find(code);
        return entry != ABSENT && !OptionRegistry.format(code).fits(length(entry));
    }

    /**
     * The options for which {@link #malformed(int)} holds, in order.
     *
     * @return their codes, nearly always none
     */
    public List<Integer> malformedCodes() {
        List<Integer> codes = List.of();
        for (long entry : index) {
            int code = (int) (entry >>> 56);
            if (!OptionRegistry.format(code).fits(length(entry))) {
                codes = codes.isEmpty() ? new ArrayList<>() : codes;
                codes.add(code);
            }
        }
        return codes;
    }

    /**
     * A value as it is.
     *
     * @param code the option
     * @return a copy of the value, possibly of no bytes; empty when absent
     */
    public Optional<byte[]> bytes(int code) {
        long entry = find(code);
        return entry == ABSENT
                ? Optional.empty()
                : Optional.of(Arrays.copyOfRange(store, offset(entry), offset(entry) + length(entry)));
    }

    /**
     * An unsigned byte.
     *
     * @param code the option
     * @return 0 to 255; empty when absent or not of one byte
     */
    public OptionalInt u8(int code) {
        long entry = find(code, 1);
        return entry == ABSENT ? OptionalInt.empty() : OptionalInt.of(store[offset(entry)] & 255);
    }

    /**
     * An unsigned 16-bit number.
     *
     * @param code the option
     * @return 0 to 65535; empty when absent or not of two bytes
     */
    public OptionalInt u16(int code) {
        long entry = find(code, 2);
        if (entry == ABSENT) {
            return OptionalInt.empty();
        }
        int at = offset(entry);
        return OptionalInt.of((store[at] & 255) << 8 | store[at + 1] & 255);
    }

    /**
     * An unsigned 32-bit number.
     *
     * @param code the option
     * @return 0 to 4294967295, which among times means "infinite" (RFC 2131 §3.3); empty when absent or not of four bytes
     */
    public OptionalLong u32(int code) {
        long entry = find(code, 4);
        return entry == ABSENT ? OptionalLong.empty() : OptionalLong.of(Integer.toUnsignedLong(int32(offset(entry))));
    }

    /**
     * An address.
     *
     * @param code the option
     * @return the address; empty when absent or not of four bytes
     */
    public Optional<Ipv4> ipv4(int code) {
        long entry = find(code, 4);
        return entry == ABSENT ? Optional.empty() : Optional.of(new Ipv4(int32(offset(entry))));
    }

    /**
     * Addresses.
     *
     * @param code the option
     * @return one address or more; none when absent or when the length is no multiple of four
     */
    public List<Ipv4> ipv4List(int code) {
        long entry = find(code);
        if (entry == ABSENT || length(entry) % 4 != 0) {
            return List.of();
        }
        Ipv4[] addresses = new Ipv4[length(entry) / 4];
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = new Ipv4(int32(offset(entry) + i * 4));
        }
        return List.of(addresses);
    }

    /**
     * Text, in ISO 8859-1: NVT ASCII as it should be (RFC 2132 §2), and every other byte as one character. Trailing NULs,
     * which the sender should not have added, are left out.
     *
     * @param code the option
     * @return one character or more; empty when absent or when nothing is left
     */
    public Optional<String> string(int code) {
        long entry = find(code);
        if (entry == ABSENT) {
            return Optional.empty();
        }
        int from = offset(entry);
        int to = from + length(entry);
        while (to > from && store[to - 1] == 0) {
            to--;
        }
        return to == from
                ? Optional.empty()
                : Optional.of(new String(store, from, to - from, StandardCharsets.ISO_8859_1));
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Options that) || index.length != that.index.length) {
            return false;
        }
        for (int i = 0; i < index.length; i++) {
            int mine = offsetAt(i);
            int theirs = that.offsetAt(i);
            if (codeAt(i) != that.codeAt(i)
                    || !Arrays.equals(store, mine, mine + lengthAt(i), that.store, theirs, theirs + that.lengthAt(i))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = 0; i < index.length; i++) {
            hash = 31 * hash + codeAt(i);
            for (int at = offsetAt(i), to = at + lengthAt(i); at < to; at++) {
                hash = 31 * hash + store[at];
            }
        }
        return hash;
    }

    /** Every option on a line, as {@link PacketText} shows it. */
    @Override
    public String toString() {
        return PacketText.of(this);
    }
}
