package org.anylease.store.lease;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.anylease.store.address.Octets;

/**
 * A class that a client is a member of.
 *
 * @param name the class
 * @param value the value that its members are told apart by, where its leases are counted for each value; else empty
 */
public record ClassMembership(String name, Octets value) {
    /** The longest value that is kept, in octets; of a longer one its digest is kept. */
    public static final int VALUE_MAX = 64;

    /** Checks the lengths. */
    public ClassMembership {
        if (name.isEmpty() || value.length() > VALUE_MAX) {
            throw new IllegalArgumentException("a class has a name, and a value of at most " + VALUE_MAX
                    + " octets, not '" + name + "' and " + value.length());
        }
    }

    /**
     * A membership, with the digest of a value that is too long (SHA-256).
     *
     * @param name the class
     * @param value the value
     * @return with that value, or with its digest
     */
    public static ClassMembership of(String name, Octets value) {
        return new ClassMembership(name, kept(value));
    }

    /**
     * What is kept of a value.
     *
     * @param value of any length
     * @return the value, or its digest
     */
    public static Octets kept(Octets value) {
        if (value.length() <= VALUE_MAX) {
            return value;
        }
        try {
            return Octets.of(MessageDigest.getInstance("SHA-256").digest(value.toArray()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
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
