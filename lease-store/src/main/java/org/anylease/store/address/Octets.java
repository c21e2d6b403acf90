package org.anylease.store.address;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * An immutable string of octets, ordered as unsigned bytes.
 *
 * <p>Hardware addresses, client identifiers and option values are octets: they are compared and copied, never changed.
 */
public final class Octets implements Comparable<Octets> {
    /** The string without octets. */
    public static final Octets EMPTY = new Octets(new byte[0]);

    private final byte[] bytes;

    private Octets(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Copies an array.
     *
     * @param bytes the octets
     * @return them, immutable
     */
    public static Octets of(byte... bytes) {
        return bytes.length == 0 ? EMPTY : new Octets(bytes.clone());
    }

    /**
     * Copies part of an array.
     *
     * @param bytes where the octets stand
     * @param offset the first of them
     * @param length how many
     * @return them, immutable
     */
    public static Octets of(byte[] bytes, int offset, int length) {
        return length == 0 ? EMPTY : new Octets(Arrays.copyOfRange(bytes, offset, offset + length));
    }

    /**
     * Reads hexadecimal digits; colons between octets are allowed.
     *
     * @param text such as {@code 02:00:00:00:00:0a} or {@code 0200000a}
     * @return the octets
     * @throws IllegalArgumentException when the text is not hexadecimal
     */
    public static Octets parseHex(String text) {
        return new Octets(HexFormat.of().parseHex(text.replace(":", "")));
    }

    /**
     * How many octets there are.
     *
     * @return the length
     */
    public int length() {
        return bytes.length;
    }

    /**
     * Whether there is none.
     *
     * @return true for the empty string
     */
    public boolean isEmpty() {
        return bytes.length == 0;
    }

    /**
     * One octet.
     *
     * @param index counted from 0
     * @return it, 0 to 255
     * @throws ArrayIndexOutOfBoundsException past the end
     */
    public int at(int index) {
        return bytes[index] & 0xff;
    }

    /**
     * A copy as an array.
     *
     * @return the octets
     */
    public byte[] toArray() {
        return bytes.clone();
    }

    /**
     * Copies all octets into an array.
     *
     * @param target where to
     * @param offset where the first one goes
     */
    public void copyTo(byte[] target, int offset) {
        System.arraycopy(bytes, 0, target, offset, bytes.length);
    }

    @Override
    public int compareTo(Octets other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Octets octets && Arrays.equals(bytes, octets.bytes);
    }

    @Override
    public int hashCode() {
        // Hardware addresses count up: the small factor of Arrays.hashCode would give many of them one hash.
        int hash = bytes.length;
        for (byte octet : bytes) {
            hash = (hash ^ octet) * 0x9E37_79B1;
        }
        return hash ^ hash >>> 15;
    }

    /** The octets as lower-case hexadecimal with colons, such as {@code 02:00:0a}. */
    @Override
    public String toString() {
        return HexFormat.ofDelimiter(":").formatHex(bytes);
    }
}
