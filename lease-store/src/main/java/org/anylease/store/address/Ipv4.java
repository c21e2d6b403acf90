package org.anylease.store.address;

/**
 * An IPv4 address, ordered as an unsigned 32-bit number.
 *
 * @param bits the address in network byte order, as one integer
 */
public record Ipv4(int bits) implements Comparable<Ipv4> {
    /** The unspecified address, 0.0.0.0. */
    public static final Ipv4 UNSPECIFIED = new Ipv4(0);

    /** The limited broadcast address, 255.255.255.255 (RFC 919 §7). */
    public static final Ipv4 BROADCAST = new Ipv4(-1);

    /**
     * Reads a dotted quad.
     *
     * @param text four decimal octets, such as {@code 10.0.0.1}
     * @return the address
     * @throws IllegalArgumentException when the text is anything else
     */
    public static Ipv4 parse(String text) {
        int bits = 0;
        int octets = 0;
        int octet = -1;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : '.';
            if (c == '.') {
                if (octet < 0 || octets == 4) {
                    throw notAnAddress(text);
                }
                bits = bits << 8 | octet;
                octets++;
                octet = -1;
            } else if (c >= '0' && c <= '9') {
                octet = Math.max(octet, 0) * 10 + (c - '0');
                if (octet > 255) {
                    throw notAnAddress(text);
                }
            } else {
                throw notAnAddress(text);
            }
        }
        if (octets != 4) {
            throw notAnAddress(text);
        }
        return new Ipv4(bits);
    }

    private static IllegalArgumentException notAnAddress(String text) {
        return new IllegalArgumentException(
                "not an IPv4 address: '" + text + "' (expected four octets, like 10.0.0.1)");
    }

    /**
     * The address as an unsigned number.
     *
     * @return 0 to 4294967295
     */
    public long unsigned() {
        return Integer.toUnsignedLong(bits);
    }

    /**
     * The address {@code distance} further on, modulo 2^32.
     *
     * @param distance how many addresses further; may be negative
     * @return that address
     */
    public Ipv4 plus(int distance) {
        return new Ipv4(bits + distance);
    }

    /**
     * Whether this is 0.0.0.0, which DHCP uses for "none".
     *
     * @return true for 0.0.0.0
     */
    public boolean isUnspecified() {
        return bits == 0;
    }

    @Override
    public int compareTo(Ipv4 other) {
        return Integer.compareUnsigned(bits, other.bits);
    }

    @Override
    public String toString() {
        return (bits >>> 24) + "." + (bits >>> 16 & 255) + "." + (bits >>> 8 & 255) + "." + (bits & 255);
    }
}
