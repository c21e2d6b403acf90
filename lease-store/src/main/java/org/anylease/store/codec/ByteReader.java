package org.anylease.store.codec;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.LogIndex;

/** Bytes being read, in the forms that {@link ByteWriter} writes. Reading past the end is {@link UnreadableException}. */
public final class ByteReader {
    private static final int VARINT_BITS_MAX = 63;

    private final String what;
    private final byte[] bytes;
    private final int end;
    private int position;

    /**
     * Reads part of an array, which is not copied.
     *
     * @param what what is read, for messages, such as "entry"
     * @param bytes where it stands
     * @param offset its first byte
     * @param length how many bytes
     */
    public ByteReader(String what, byte[] bytes, int offset, int length) {
        this.what = what;
        this.bytes = bytes;
        this.position = offset;
        this.end = offset + length;
    }

    /**
     * Reads what remains of a buffer, whose position stays as it is.
     *
     * @param what what is read, for messages
     * @param buffer not changed
     * @return a reader
     */
    public static ByteReader of(String what, ByteBuffer buffer) {
        if (buffer.hasArray()) {
            return new ByteReader(what, buffer.array(), buffer.arrayOffset() + buffer.position(), buffer.remaining());
        }
        byte[] copy = new byte[buffer.remaining()];
        buffer.duplicate().get(copy);
        return new ByteReader(what, copy, 0, copy.length);
    }

    /**
     * How much is left.
     *
     * @return in bytes
     */
    public int remaining() {
        return end - position;
    }

    /**
     * Reads the format version at the front.
     *
     * @param known the one that this program knows
     * @throws UnreadableException when it is another
     */
    public void version(int known) throws UnreadableException {
        int found = u8();
        if (found != known) {
            throw unknownVersion(what, found, known);
        }
    }

    /**
     * Reads the format version at the front, where older ones are still read.
     *
     * @param oldest the first that this program knows
     * @param newest the last that it knows
     * @return the version found
     * @throws UnreadableException when it knows it not
     */
    public int version(int oldest, int newest) throws UnreadableException {
        int found = u8();
        if (found < oldest || found > newest) {
            throw unknownVersion(what, found, newest);
        }
        return found;
    }

    static UnreadableException unknownVersion(String what, int found, int known) {
        return new UnreadableException(what + " has format version " + found + "; this program knows version " + known
                + " (was it written by a newer one?)");
    }

    /**
     * Insists that nothing is left.
     *
     * @throws UnreadableException when bytes remain
     */
    public void end() throws UnreadableException {
        if (position != end) {
            throw damaged(remaining() + " bytes too many");
        }
    }

    /**
     * The exception for damaged bytes.
     *
     * @param how what is wrong
     * @return to be thrown
     */
    public UnreadableException damaged(String how) {
        return new UnreadableException(what + " is damaged: " + how);
    }

    /**
     * Reads one byte.
     *
     * @return 0 to 255
     * @throws UnreadableException at the end
     */
    public int u8() throws UnreadableException {
        need(1);
        return bytes[position++] & 0xff;
    }

    /**
     * Reads two bytes.
     *
     * @return 0 to 65535
     * @throws UnreadableException at the end
     */
    public int u16() throws UnreadableException {
        need(2);
        return u8() << 8 | u8();
    }

    /**
     * Reads four bytes.
     *
     * @return any number
     * @throws UnreadableException at the end
     */
    public int u32() throws UnreadableException {
        return u16() << 16 | u16();
    }

    /**
     * Reads eight bytes.
     *
     * @return any number
     * @throws UnreadableException at the end
     */
    public long u64() throws UnreadableException {
        return (long) u32() << 32 | Integer.toUnsignedLong(u32());
    }

    /**
     * Reads an unsigned number of up to ten bytes.
     *
     * @return it, as 64 bits
     * @throws UnreadableException at the end, or when it is longer
     */
    public long varint() throws UnreadableException {
        long value = 0;
        for (int shift = 0; shift <= VARINT_BITS_MAX; shift += 7) {
            int next = u8();
            value |= (next & 0x7fL) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw damaged("a number of more than 64 bits");
    }

    /**
     * Reads a position in a log, written as {@link #varint()}.
     *
     * @return it
     * @throws UnreadableException at the end, or when it is over 2^63
     */
    public LogIndex index() throws UnreadableException {
        long value = varint();
        if (value < 0) {
            throw damaged("a log index over 2^63");
        }
        return new LogIndex(value);
    }

    /**
     * Reads a signed number.
     *
     * @return it
     * @throws UnreadableException at the end
     */
    public long zigzag() throws UnreadableException {
        long value = varint();
        return (value >>> 1) ^ -(value & 1);
    }

    /**
     * Reads a truth value.
     *
     * @return it
     * @throws UnreadableException when it is neither 0 nor 1
     */
    public boolean flag() throws UnreadableException {
        int value = u8();
        if (value > 1) {
            throw damaged("a flag of " + value);
        }
        return value == 1;
    }

    /**
     * Reads a number of things that follow, each of at least one byte.
     *
     * @return at most what remains
     * @throws UnreadableException when fewer bytes remain
     */
    public int count() throws UnreadableException {
        long value = varint();
        if (value < 0 || value > remaining()) {
            throw damaged("it announces " + Long.toUnsignedString(value) + " where " + remaining() + " bytes remain");
        }
        return (int) value;
    }

    /**
     * Reads octets behind their length.
     *
     * @return them
     * @throws UnreadableException when fewer remain
     */
    public Octets octets() throws UnreadableException {
        int length = count();
        Octets value = Octets.of(bytes, position, length);
        position += length;
        return value;
    }

    /**
     * Reads UTF-8 text behind its length.
     *
     * @return it
     * @throws UnreadableException when fewer bytes remain
     */
    public String text() throws UnreadableException {
        int length = count();
        String value = new String(bytes, position, length, StandardCharsets.UTF_8);
        position += length;
        return value;
    }

    /**
     * A reader of a block behind its length; this one goes on behind it.
     *
     * @param name what the block is, for messages
     * @return reads exactly the block
     * @throws UnreadableException when fewer bytes remain
     */
    public ByteReader block(String name) throws UnreadableException {
        int length = count();
        ByteReader block = new ByteReader(name, bytes, position, length);
        position += length;
        return block;
    }

    private void need(int more) throws UnreadableException {
        if (end - position < more) {
            throw damaged("it ends too early");
        }
    }
}
