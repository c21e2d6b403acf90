package org.anylease.chaos.invariant;

import org.anylease.server.wire.HardwareAddress;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.lease.ClientId;

/** What one reads in a client's request who has not seen the server's code. */
public final class Requests {
    private Requests() {}

    /**
     * Who asks.
     *
     * @param packet a request or a reply
     * @return option 61 if it is there, else the hardware type and address
     */
    public static ClientId client(Packet packet) {
        byte[] identifier = packet.options().bytes(OptionCode.CLIENT_ID).orElse(null);
        if (identifier != null) {
            return new ClientId(ClientId.Kind.CLIENT_IDENTIFIER, Octets.of(identifier));
        }
        HardwareAddress hardware = packet.hardware();
        byte[] typed = new byte[1 + hardware.length()];
        typed[0] = (byte) hardware.type();
        System.arraycopy(hardware.bytes(), 0, typed, 1, hardware.length());
        return new ClientId(ClientId.Kind.HARDWARE, Octets.of(typed));
    }

    /**
     * The address that a REQUEST is about.
     *
     * @param packet a REQUEST
     * @return ciaddr, or else option 50
     */
    public static Ipv4 address(Packet packet) {
        return packet.ciaddr().isUnspecified()
                ? packet.options().ipv4(OptionCode.ADDRESS_REQUEST).orElse(Ipv4.UNSPECIFIED)
                : packet.ciaddr();
    }
}
