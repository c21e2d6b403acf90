package org.anylease.server.core;

import org.anylease.server.event.ServerEvent;
import org.anylease.server.wire.HardwareAddress;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Options;
import org.anylease.server.wire.Packet;
import org.anylease.server.wire.RelayInformation;
import org.anylease.store.address.Octets;
import org.anylease.store.config.NetworkPolicy;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;

/** Who a packet is from (RFC 2131 §4.2). */
sealed interface ClientIdentity {
    /** A type, and one octet at least of that type (RFC 2132 §9.14). */
    int IDENTIFIER_BYTES_MIN = 2;

    /**
     * A client.
     *
     * @param client who, and what is kept of it
     */
    record Known(LeaseClient client) implements ClientIdentity {}

    /**
     * Nobody that could be told apart.
     *
     * @param why to be counted
     */
    record Anonymous(ServerEvent why) implements ClientIdentity {}

    /**
     * Reads a packet's identity.
     *
     * <p>Option 61 where the client sends it, verbatim, so that RFC 4361 identifiers need no care; else hardware type
     * and address. A policy may rule option 61 out, for clients that change it between boot stages. One that is shorter
     * than RFC 2132 §9.14 allows holds a type and nothing of that type: all its senders would be one client.
     */
    static ClientIdentity of(Packet packet, NetworkPolicy.Identity policy) {
        Octets hardware = hardware(packet.hardware());
        if (policy == NetworkPolicy.Identity.CLIENT_IDENTIFIER) {
            byte[] identifier = packet.options().bytes(OptionCode.CLIENT_ID).orElseGet(() -> new byte[0]);
            if (identifier.length > ClientId.LENGTH_MAX) {
                return new Anonymous(ServerEvent.PACKET_IDENTITY_TOO_LONG);
            }
            if (identifier.length >= IDENTIFIER_BYTES_MIN) {
                return known(new ClientId(ClientId.Kind.CLIENT_IDENTIFIER, Octets.of(identifier)), hardware, packet);
            }
        }
        if (hardware.isEmpty()) {
            return new Anonymous(ServerEvent.PACKET_NO_IDENTITY);
        }
        return known(new ClientId(ClientId.Kind.HARDWARE, hardware), hardware, packet);
    }

    private static Known known(ClientId id, Octets hardware, Packet packet) {
        Options options = packet.options();
        String hostname = options.string(OptionCode.HOSTNAME).orElse("");
        return new Known(new LeaseClient(
                id,
                hardware,
                hostname.length() <= LeaseClient.HOSTNAME_MAX
                        ? hostname
                        : hostname.substring(0, LeaseClient.HOSTNAME_MAX),
                packet.relayInformation()
                        .map(RelayInformation::bytes)
                        // Longer ones (RFC 3396) are echoed like any other, but not kept.
                        .filter(octets -> octets.length <= LeaseClient.RELAY_INFORMATION_MAX)
                        .map(Octets::of)
                        .orElse(Octets.EMPTY),
                packet.giaddr()));
    }

    /** One octet of hardware type and the address; empty when the client shows none (RFC 4390 §2.1). */
    static Octets hardware(HardwareAddress address) {
        if (address.length() == 0) {
            return Octets.EMPTY;
        }
        byte[] octets = new byte[1 + address.length()];
        octets[0] = (byte) address.type();
        System.arraycopy(address.bytes(), 0, octets, 1, address.length());
        return Octets.of(octets);
    }
}
