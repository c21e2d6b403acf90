package org.anylease.server.config;

import java.util.ArrayList;
import java.util.List;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.address.Prefix;

/** Takes an option's octets apart, for those that write it as text; what does not fit is refused by an exception. */
public final class OptionFields {
    private OptionFields() {}

    /**
     * A number.
     *
     * @param value its octets, the most significant first
     * @return the number, never negative
     */
    public static long number(Octets value) {
        long number = 0;
        for (int i = 0; i < value.length(); i++) {
            number = number << 8 | value.at(i);
        }
        return number;
    }

    /**
     * An address.
     *
     * @param value four octets
     * @return such as {@code 10.0.0.1}
     * @throws IllegalArgumentException when there are more or less
     */
    public static String address(Octets value) {
        return new Ipv4((int) number(exactly(value, 4))).toString();
    }

    /**
     * A value of a length.
     *
     * @param value the octets
     * @param length how many there must be
     * @return the same
     * @throws IllegalArgumentException when there are more or less
     */
    public static Octets exactly(Octets value, int length) {
        if (value.length() != length) {
            throw new IllegalArgumentException("expected " + length + " octets, not " + value.length());
        }
        return value;
    }

    /**
     * A part.
     *
     * @param value the octets
     * @param offset of the first
     * @param length how many
     * @return those
     * @throws IllegalArgumentException when the value ends before
     */
    public static Octets part(Octets value, int offset, int length) {
        if (length < 0 || offset + length > value.length()) {
            throw new IllegalArgumentException("the value ends early");
        }
        return Octets.of(value.toArray(), offset, length);
    }

    /**
     * All parts of a width.
     *
     * @param value the octets, at least one part
     * @param width of each
     * @return the parts in order
     * @throws IllegalArgumentException when they do not come out even
     */
    public static List<Octets> chunks(Octets value, int width) {
        if (value.isEmpty() || value.length() % width != 0) {
            throw new IllegalArgumentException("the value does not consist of " + width + " octets each");
        }
        List<Octets> chunks = new ArrayList<>();
        for (int at = 0; at < value.length(); at += width) {
            chunks.add(part(value, at, width));
        }
        return chunks;
    }

    /**
     * Classless static routes (RFC 3442).
     *
     * @param value the option's value
     * @return each such as {@code 10.1.0.0/16 via 10.0.0.1}
     * @throws IllegalArgumentException when they do not come out even
     */
    public static List<String> routes(Octets value) {
        List<String> routes = new ArrayList<>();
        for (int at = 0; at < value.length(); ) {
            int length = value.at(at);
            int significant = (length + 7) / 8;
            byte[] network = new byte[4];
            part(value, at + 1, significant).copyTo(network, 0);
            Prefix to = new Prefix(new Ipv4((int) number(Octets.of(network))), length);
            routes.add(to + " via " + address(part(value, at + 1 + significant, 4)));
            at += 1 + significant + 4;
        }
        return routes;
    }
}
