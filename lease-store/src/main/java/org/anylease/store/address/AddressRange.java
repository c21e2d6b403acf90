package org.anylease.store.address;

/**
 * The addresses from one to another, both included.
 *
 * @param first the lowest address
 * @param last the highest address, not below the first
 */
public record AddressRange(Ipv4 first, Ipv4 last) {
    /** Checks the order. */
    public AddressRange {
        if (first.compareTo(last) > 0) {
            throw new IllegalArgumentException("range " + first + "-" + last + " ends before it starts");
        }
    }

    /**
     * Reads {@code first-last}, or a prefix.
     *
     * @param text such as {@code 10.0.0.10-10.0.0.200} (spaces around the dash are allowed) or {@code 10.0.1.0/25}
     * @return the range
     * @throws IllegalArgumentException when the text is neither
     */
    public static AddressRange parse(String text) {
        if (text.indexOf('/') >= 0) {
            Prefix prefix = Prefix.parse(text.strip());
            return new AddressRange(prefix.network(), prefix.last());
        }
        int dash = text.indexOf('-');
        if (dash < 0) {
            throw new IllegalArgumentException(
                    "not an address range: '" + text + "' (expected one like 10.0.0.10-10.0.0.200)");
        }
        return new AddressRange(
                Ipv4.parse(text.substring(0, dash).strip()),
                Ipv4.parse(text.substring(dash + 1).strip()));
    }

    /**
     * Whether an address lies in the range.
     *
     * @param address any address
     * @return true from the first to the last
     */
    public boolean contains(Ipv4 address) {
        return first.compareTo(address) <= 0 && address.compareTo(last) <= 0;
    }

    /**
     * How many addresses there are.
     *
     * @return 1 to 2^32
     */
    public long size() {
        return last.unsigned() - first.unsigned() + 1;
    }

    /**
     * Whether two ranges share an address.
     *
     * @param other another range
     * @return true when they do
     */
    public boolean overlaps(AddressRange other) {
        return first.compareTo(other.last) <= 0 && other.first.compareTo(last) <= 0;
    }

    @Override
    public String toString() {
        return first + "-" + last;
    }
}
