package org.anylease.store.lease;

import org.anylease.store.address.Octets;

/**
 * A class that a client is a member of.
 *
 * @param name the class
 * @param value the value that its members are told apart by, where its leases are counted for each value; else empty
 */
public record ClassMembership(String name, Octets value) {
    /** The longest value that is kept, in octets; the server that finds a longer one keeps its digest. */
    public static final int VALUE_MAX = 64;

    /** Checks the lengths. */
    public ClassMembership {
        if (name.isEmpty() || value.length() > VALUE_MAX) {
            throw new IllegalArgumentException("a class has a name, and a value of at most " + VALUE_MAX
                    + " octets, not '" + name + "' and " + value.length());
        }
    }

    /**
     * How much of a record it takes.
     *
     * @return in octets, at most
     */
    public int bytes() {
        return 2 + name.length() + value.length();
    }
}
