package org.anylease.server.config;

import org.anylease.store.lease.ClientId;

/** How the parts of a reservation are written where there is no file: as in one. */
public final class ReservationText {
    private static final int ETHERNET = 1;

    private ReservationText() {}

    /**
     * The key of a client's hardware address.
     *
     * @param text an Ethernet address such as {@code 02:00:00:00:00:01}
     * @return the key
     * @throws IllegalArgumentException when it is none, saying what is expected
     */
    public static ClientId hardware(String text) {
        return SubnetReader.hardware(ETHERNET, text);
    }

    /**
     * The key of a client identifier, option 61.
     *
     * @param text octets as {@code 01:02:…} or {@code 0x…}, anything else as text
     * @return the key
     * @throws IllegalArgumentException when it is none, saying what is expected
     */
    public static ClientId clientId(String text) {
        return SubnetReader.identifier(text);
    }

    /**
     * A host name.
     *
     * @param text the name
     * @return the name
     * @throws IllegalArgumentException when it is none, saying what is expected
     */
    public static String hostname(String text) {
        return DomainNames.check(text);
    }
}
