package org.anylease.store.address;

/**
 * An IPv4 prefix, such as 10.0.0.0/24.
 *
 * @param network the first address; no bit is set behind the prefix
 * @param length how many leading bits are the network's, 0 to 32
 */
public record Prefix(Ipv4 network, int length) {
    /** Checks that no host bit is set. */
    public Prefix {
        if (length < 0 || length > 32) {
            throw new IllegalArgumentException("prefix length " + length + " is not between 0 and 32");
        }
        if ((network.bits() & ~maskBits(length)) != 0) {
            throw new IllegalArgumentException(network + "/" + length + " has host bits set; the prefix is "
                    + new Ipv4(network.bits() & maskBits(length)) + "/" + length);
        }
    }

    /**
     * Reads {@code address/length}.
     *
     * @param text such as {@code 10.0.0.0/24}
     * @return the prefix
     * @throws IllegalArgumentException when the text is not one, or has host bits set
     */
    public static Prefix parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("not a prefix: '" + text + "' (expected one like 10.0.0.0/24)");
        }
        int length;
        try {
            length = Integer.parseInt(text.substring(slash + 1));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a prefix: '" + text + "' (expected one like 10.0.0.0/24)", e);
        }
        return new Prefix(Ipv4.parse(text.substring(0, slash)), length);
    }

    private static int maskBits(int length) {
        return length == 0 ? 0 : -1 << (32 - length);
    }

    /**
     * The subnet mask.
     *
     * @return such as 255.255.255.0
     */
    public Ipv4 mask() {
        return new Ipv4(maskBits(length));
    }

    /**
     * The last address, which is the broadcast address of prefixes up to /30.
     *
     * @return the last address
     */
    public Ipv4 last() {
        return new Ipv4(network.bits() | ~maskBits(length));
    }

    /**
     * All addresses of the prefix.
     *
     * @return from the network address to the last
     */
    public AddressRange range() {
        return new AddressRange(network, last());
    }

    /**
     * Whether an address lies in this prefix.
     *
     * @param address any address
     * @return true when its leading bits are the network's
     */
    public boolean contains(Ipv4 address) {
        return (address.bits() & maskBits(length)) == network.bits();
    }

    @Override
    public String toString() {
        return network + "/" + length;
    }
}
