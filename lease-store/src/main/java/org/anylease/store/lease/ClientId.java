package org.anylease.store.lease;

import org.anylease.store.address.Octets;

/**
 * What identifies a client within a network: its client identifier (RFC 2132 §9.14, RFC 4361), or its hardware
 * type and address where it sends none (RFC 2131 §4.2).
 *
 * @param kind where the octets come from
 * @param value the option's value, or one octet of hardware type and the hardware address
 */
public record ClientId(Kind kind, Octets value) implements Comparable<ClientId> {
    /** The longest identity that is kept, in octets; option 61 cannot hold more in one instance. */
    public static final int LENGTH_MAX = 255;

    /** Where an identity comes from. */
    public enum Kind {
        /** Hardware type and address. */
        HARDWARE,
        /** Option 61. */
        CLIENT_IDENTIFIER
    }

    /** Checks the length. */
    public ClientId {
        if (value.isEmpty() || value.length() > LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "a client identity has 1 to " + LENGTH_MAX + " octets, not " + value.length());
        }
    }

    // Written out, as it is the key of busy maps: what a record gets by itself goes through method handles.
    @Override
    public boolean equals(Object other) {
        return other instanceof ClientId id && kind == id.kind && value.equals(id.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode() + (kind == Kind.HARDWARE ? 0 : 1);
    }

    @Override
    public int compareTo(ClientId other) {
        int byKind = kind.compareTo(other.kind);
        return byKind != 0 ? byKind : value.compareTo(other.value);
    }

    /** Such as {@code hw 01:02:00:00:00:00:0a} or {@code id ff:00:…}. */
    @Override
    public String toString() {
        return (kind == Kind.HARDWARE ? "hw " : "id ") + value;
    }
}
