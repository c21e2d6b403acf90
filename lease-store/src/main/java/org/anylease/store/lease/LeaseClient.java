package org.anylease.store.lease;

import java.util.ArrayList;
import java.util.List;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;

/**
 * A client as its packet showed it: who it is, and what is kept of it beside its identity.
 *
 * @param id its identity
 * @param hardware one octet of hardware type, then the hardware address; empty when the client sent none
 * @param hostname option 12 (RFC 2132 §3.14), empty when absent
 * @param relayInformation the value of option 82 (RFC 3046), verbatim; empty when absent
 * @param relay the relay's giaddr, unspecified for a direct or unicast packet
 * @param classes the classes that the packet makes it a member of, as far as the cell decides by them, in their order
 */
public record LeaseClient(
        ClientId id,
        Octets hardware,
        String hostname,
        Octets relayInformation,
        Ipv4 relay,
        List<ClassMembership> classes) {
    /** The longest host name that is kept, in octets (RFC 1035 §2.3.4). */
    public static final int HOSTNAME_MAX = 255;

    /** The longest hardware address that is kept, in octets: its type, and the sixteen of chaddr (RFC 2131 §2). */
    public static final int HARDWARE_MAX = 17;

    /** The longest option 82 that is kept, in octets; one instance of the option holds no more. */
    public static final int RELAY_INFORMATION_MAX = 255;

    /** How much of a record its classes take at most besides {@link #BOOTP}, in octets; no configuration has more of them. */
    public static final int CLASSES_BYTES_MAX = 1000;

    /** What clients that speak BOOTP are a member of, besides their classes. */
    public static final String BOOTP = "bootp";

    /** Copies the list, and checks the lengths. */
    public LeaseClient {
        classes = List.copyOf(classes);
        int classesBytes = 0;
        for (int i = 0; i < classes.size(); i++) {
            classesBytes +=
                    classes.get(i).name().equals(BOOTP) ? 0 : classes.get(i).bytes();
        }
        if (classesBytes > CLASSES_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a client's classes take at most " + CLASSES_BYTES_MAX + " octets, not " + classesBytes);
        }
        if (hardware.length() > HARDWARE_MAX
                || hostname.length() > HOSTNAME_MAX
                || relayInformation.length() > RELAY_INFORMATION_MAX) {
            throw new IllegalArgumentException("a client's hardware address, host name and option 82 have at most "
                    + HARDWARE_MAX + ", " + HOSTNAME_MAX + " and " + RELAY_INFORMATION_MAX + " octets, not "
                    + hardware.length() + ", " + hostname.length() + " and " + relayInformation.length());
        }
    }

    /**
     * A client of no class.
     *
     * @param id as in the record, like the further ones
     * @param hardware its hardware type and address
     * @param hostname option 12
     * @param relayInformation option 82
     * @param relay the relay's giaddr
     */
    public LeaseClient(ClientId id, Octets hardware, String hostname, Octets relayInformation, Ipv4 relay) {
        this(id, hardware, hostname, relayInformation, relay, List.of());
    }

    /**
     * The same client as a member of classes.
     *
     * @param memberships the classes
     * @return this client with those classes and no other
     */
    public LeaseClient in(List<ClassMembership> memberships) {
        return new LeaseClient(id, hardware, hostname, relayInformation, relay, memberships);
    }

    /**
     * The same client as one that speaks BOOTP.
     *
     * @return this client, in its classes and in {@link #BOOTP}
     */
    public LeaseClient speakingBootp() {
        List<ClassMembership> all = new ArrayList<>(classes);
        all.add(new ClassMembership(BOOTP, Octets.EMPTY));
        return in(all);
    }

    /**
     * Whether it speaks BOOTP rather than DHCP: it is told no lease time, and cannot renew or give back.
     *
     * @return true when it is a member of {@link #BOOTP}
     */
    public boolean speaksBootp() {
        for (int i = 0; i < classes.size(); i++) {
            if (classes.get(i).name().equals(BOOTP)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The same client with the relay's words of an earlier packet: a unicast renewal bypasses the relay and
     * carries neither giaddr nor option 82, so those seen when the address was bound stay.
     *
     * @param earlier the client as it was known
     * @return this client, with the earlier relay and option 82 where this packet had none
     */
    public LeaseClient keepingRelayOf(LeaseClient earlier) {
        if (!relay.isUnspecified() || !relayInformation.isEmpty()) {
            return this;
        }
        return new LeaseClient(id, hardware, hostname, earlier.relayInformation, earlier.relay, classes);
    }
}
