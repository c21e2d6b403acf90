package org.anylease.store.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.anylease.store.address.Octets;

/** Bytes being written, growing as needed. Numbers are big-endian, or varints of seven bits an octet, lowest first. */
public final class ByteWriter {
    private static final int INITIAL_BYTES = 256;

    private byte[] bytes = new byte[INITIAL_BYTES];
    private int length;

    /** Starts empty. */
    public ByteWriter() {}

    /** Forgets what was written, and keeps the room. */
    public void reset() {
        length = 0;
    }

    /**
     * How much was written.
     *
     * @return in bytes
     */
    public int length() {
        return length;
    }

    /**
     * The bytes themselves, of which the first {@link #length()} are written; valid until the next write.
     *
     * @return not a copy
     */
    public byte[] array() {
        return bytes;
    }

    /**
     * A copy of what was written.
     *
     * @return the bytes
     */
    public byte[] toArray() {
        return Arrays.copyOf(bytes, length);
    }

    /**
     * Writes one byte.
     *
     * @param value its low eight bits are written
     */
    public void u8(int value) {
        room(1);
        bytes[length++] = (byte) value;
    }

    /**
     * Writes two bytes.
     *
     * @param value its low sixteen bits are written
     */
    public void u16(int value) {
        u8(value >>> 8);
        u8(value);
    }

    /**
     * Writes four bytes.
     *
     * @param value any
     */
    public void u32(int value) {
        u16(value >>> 16);
        u16(value);
    }

    /**
     * Writes eight bytes.
     *
     * @param value any
     */
    public void u64(long value) {
        u32((int) (value >>> 32));
        u32((int) value);
    }

    /**
     * Writes a number in as few bytes as it needs, at most ten.
     *
     * @param value taken as unsigned
     */
    public void varint(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
    }

    /**
     * Writes a signed number, short when it is near zero.
     *
     * @param value any
     */
    public void zigzag(long value) {
        varint((value << 1) ^ (value >> 63));
    }

    /**
     * Writes a truth value.
     *
     * @param value any
     */
    public void flag(boolean value) {
        u8(value ? 1 : 0);
    }

    /**
     * Writes octets behind their length.
     *
     * @param value any
     */
    public void octets(Octets value) {
        varint(value.length());
        room(value.length());
        value.copyTo(bytes, length);
        length += value.length();
    }

    /**
     * Writes text as UTF-8 behind its length in bytes.
     *
     * @param value any
     */
    public void text(String value) {
        block(value.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Writes bytes behind their length.
     *
     * @param value any
     */
    public void block(byte[] value) {
        varint(value.length);
        raw(value);
    }

    /**
     * Writes bytes as they are.
     *
     * @param value any
     */
    public void raw(byte[] value) {
        raw(value, value.length);
    }

    /** Writes the first bytes of an array as they are. */
    void raw(byte[] value, int count) {
        room(count);
        System.arraycopy(value, 0, bytes, length, count);
        length += count;
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
