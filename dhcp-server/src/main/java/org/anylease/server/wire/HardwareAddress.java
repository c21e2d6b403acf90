package org.anylease.server.wire;

import java.util.HexFormat;

/**
 * A client's hardware address: fields htype, hlen and the used part of chaddr (RFC 2131 §2).
 *
 * <p>The bytes live in two numbers, so that an instance is one small object with value equality.
 *
 * @param type the hardware type, 0 to 255: 1 is Ethernet, 32 InfiniBand (RFC 1700, "ARP parameters")
 * @param length how many bytes the address has, 0 to 16; 0 where the link has none to show (RFC 4390 §2.1)
 * @param high the first eight bytes, the first one most significant, zero past {@code length}
 * @param low the last eight bytes, likewise
 */
public record HardwareAddress(int type, int length, long high, long low) {
    /** Hardware type of Ethernet. */
    public static final int ETHERNET = 1;

    /** Hardware type of InfiniBand (RFC 4390). */
    public static final int INFINIBAND = 32;

    /** Room for an address in a packet: the size of {@code chaddr}. */
    public static final int LENGTH_MAX = 16;

    /** No hardware address at all. */
    public static final HardwareAddress NONE = new HardwareAddress(0, 0, 0, 0);

    private static final HexFormat COLONS = HexFormat.ofDelimiter(":");

    /** Checks the ranges, and that no byte past the length is set. */
    public HardwareAddress {
        if (type < 0 || type > 255) {
            throw new IllegalArgumentException("hardware type " + type + " is not in 0..255");
        }
        if (length < 0 || length > LENGTH_MAX) {
            throw new IllegalArgumentException("hardware address length " + length + " is not in 0..16");
        }
        if ((high & ~leading(length)) != 0 || (low & ~leading(length - 8)) != 0) {
            throw new IllegalArgumentException("bytes past the length " + length + " are set");
        }
    }

    /**
     * An address from its bytes.
     *
     * @param type the hardware type
     * @param bytes the address, at most 16 bytes
     * @return the address
     */
    public static HardwareAddress of(int type, byte... bytes) {
        if (bytes.length > LENGTH_MAX) {
            throw new IllegalArgumentException("hardware address length " + bytes.length + " is not in 0..16");
        }
        long high = 0;
        long low = 0;
        for (int i = 0; i < bytes.length; i++) {
            long octet = (long) (bytes[i] & 255) << (56 - (i & 7) * 8);
            if (i < 8) {
                high |= octet;
            } else {
                low |= octet;
            }
        }
        return new HardwareAddress(type, bytes.length, high, low);
    }

    /**
     * An Ethernet address from its usual text.
     *
     * @param text six pairs of hex digits, such as {@code 02:00:5e:00:53:01}
     * @return the address
     */
    public static HardwareAddress ethernet(String text) {
        byte[] bytes = COLONS.parseHex(text);
        if (bytes.length != 6) {
            throw new IllegalArgumentException("not an Ethernet address: '" + text + "' (expected six pairs)");
        }
        return of(ETHERNET, bytes);
    }

    /** The address in {@code chaddr}, whose bytes past {@code length} mean nothing and are left out. */
    static HardwareAddress fromChaddr(int type, int length, long first, long second) {
        return new HardwareAddress(type, length, first & leading(length), second & leading(length - 8));
    }

    /** A mask over the first {@code count} bytes of a long; none for a negative count, all from eight on. */
    private static long leading(int count) {
        return count <= 0 ? 0 : count >= 8 ? -1 : -1L << (64 - count * 8);
    }

    /**
     * The bytes of the address.
     *
     * @return a new array of {@code length} bytes
     */
    public byte[] bytes() {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) ((i < 8 ? high : low) >>> (56 - (i & 7) * 8));
        }
        return bytes;
    }

    /** The type, then the bytes in hex: {@code ethernet 02:00:5e:00:53:01}. */
    @Override
    public String toString() {
        String kind = switch (type) {
            case ETHERNET -> "ethernet";
            case INFINIBAND -> "infiniband";
            default -> "type " + type;
        };
        return length == 0 ? kind : kind + " " + COLONS.formatHex(bytes());
    }
}
