package org.anylease.tools.fleet;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.dhcp4java.DHCPConstants;
import org.dhcp4java.DHCPPacket;

/** The packets that a fleet's clients send, as their relay passes them on. */
final class FleetPacket {
    private static final byte LINK_SELECTION = 5; // RFC 3527
    private static final byte CIRCUIT_ID = 1; // RFC 3046
    private static final byte RELAY_SOURCE_PORT = 19; // RFC 8357

    private FleetPacket() {}

    /**
     * A packet of one client with giaddr and option 82 set.
     *
     * @param type the message type
     * @param xid the transaction
     * @param mac six octets
     * @param relay giaddr
     * @param link the subnet of the client's link
     * @param circuit the circuit id, any text
     * @return the packet, to which the caller adds what the message needs
     */
    static DHCPPacket of(byte type, int xid, byte[] mac, InetAddress relay, InetAddress link, String circuit) {
        DHCPPacket packet = new DHCPPacket();
        packet.setOp(DHCPConstants.BOOTREQUEST);
        packet.setHtype(DHCPConstants.HTYPE_ETHER);
        packet.setHlen((byte) mac.length);
        packet.setHops((byte) 1);
        packet.setXid(xid);
        byte[] chaddr = new byte[16];
        System.arraycopy(mac, 0, chaddr, 0, mac.length);
        packet.setChaddr(chaddr);
        packet.setGiaddrRaw(relay.getAddress());
        packet.setDHCPMessageType(type);
        packet.setOptionRaw(DHCPConstants.DHO_DHCP_PARAMETER_REQUEST_LIST, new byte[] {
            DHCPConstants.DHO_SUBNET_MASK, DHCPConstants.DHO_ROUTERS, DHCPConstants.DHO_DOMAIN_NAME_SERVERS
        });
        byte[] name = circuit.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        ByteBuffer information = ByteBuffer.allocate(name.length + 10);
        information.put(CIRCUIT_ID).put((byte) name.length).put(name);
        information.put(LINK_SELECTION).put((byte) 4).put(link.getAddress());
        information.put(RELAY_SOURCE_PORT).put((byte) 0);
        packet.setOptionRaw(DHCPConstants.DHO_DHCP_AGENT_OPTIONS, information.array());
        return packet;
    }

    /**
     * The relay information without which an answer would not have found its way back, verbatim.
     *
     * @param packet a packet made by {@link #of}
     * @return the value of option 82
     */
    static byte[] relayInformation(DHCPPacket packet) {
        return packet.getOptionRaw(DHCPConstants.DHO_DHCP_AGENT_OPTIONS);
    }

    static InetAddress address(byte[] raw) {
        try {
            return InetAddress.getByAddress(raw);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an IPv4 address has four octets, not " + raw.length, e);
        }
    }
}
