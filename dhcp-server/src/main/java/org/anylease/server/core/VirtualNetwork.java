package org.anylease.server.core;

import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Packet;
import org.anylease.server.wire.RelayInformation;
import org.anylease.store.address.Octets;

/**
 * The virtual private network that a packet comes from (RFC 6607): what its relay says goes before what the client says.
 *
 * <p>Addresses are unique in a cluster, whatever network they are in: the cells know an address by nothing else. So the
 * name of a network decides only whether a packet belongs to it, and which network it is where its address does not tell.
 */
final class VirtualNetwork {
    /** The type of the one network that everything belongs to which names none. */
    private static final int GLOBAL = 255;

    private VirtualNetwork() {}

    /** Whether a packet says where it comes from at all. */
    static boolean isNamed(Packet packet) {
        RelayInformation relay = packet.relayInformation().orElse(null);
        return packet.options().has(OptionCode.VIRTUAL_SUBNET_SELECTION)
                || (relay != null && relay.has(RelayInformation.VIRTUAL_SUBNET));
    }

    /** The network, as {@link org.anylease.store.config.SharedNetwork#vpn} has it; empty for none, and the global one. */
    static Octets of(Packet packet) {
        RelayInformation relay = packet.relayInformation().orElse(null);
        byte[] named = relay == null ? null : relay.virtualSubnet().orElse(null);
        if (named == null) {
            named = packet.options().bytes(OptionCode.VIRTUAL_SUBNET_SELECTION).orElse(null);
        }
        return named == null || named.length == 0 || (named[0] & 255) == GLOBAL ? Octets.EMPTY : Octets.of(named);
    }

    /** Whether what a packet says of it decided where it belongs, which its sender is told. */
    static boolean isObeyed(Packet packet, ServedNetwork network) {
        return !network.vpn().isEmpty() && network.vpn().equals(of(packet));
    }
}
