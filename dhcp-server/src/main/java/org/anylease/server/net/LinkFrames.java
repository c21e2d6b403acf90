package org.anylease.server.net;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import org.anylease.server.port.Destination.LinkUnicast;
import org.anylease.store.address.Ipv4;

/**
 * Sends UDP datagrams in frames of our own making, so that they reach a hardware address whose IP address is not up
 * yet: UDP through the kernel would ask for it by ARP and hear nothing, and a static neighbour entry would outlive the
 * client. Also the way to give such a frame the service address as source.
 *
 * <p>One AF_PACKET socket for all interfaces; it receives nothing (protocol 0). Needs CAP_NET_RAW. Ethernet only.
 * Frames bypass routing and the firewall, and are never fragmented: {@code EMSGSIZE} past the MTU.
 */
final class LinkFrames implements AutoCloseable {
    private static final int ETHERTYPE_IPV4 = 0x0800;
    private static final int ETHERNET_ADDRESS_BYTES = 6;
    private static final int SOCKADDR_LL_BYTES = 20;
    private static final int IP_HEADER_BYTES = 20;
    private static final int UDP_HEADER_BYTES = 8;
    private static final int HEADERS_BYTES = IP_HEADER_BYTES + UDP_HEADER_BYTES;
    private static final int PACKET_BYTES_MAX = 9216;
    private static final byte TIME_TO_LIVE = 64;
    private static final byte PROTOCOL_UDP = 17;
    private static final short DONT_FRAGMENT = 0x4000;

    private final NativeSocket socket;
    private final MemorySegment packet;
    private final MemorySegment linkAddress;

    private LinkFrames(NativeSocket socket) {
        this.socket = socket;
        this.packet = socket.allocate(PACKET_BYTES_MAX);
        this.linkAddress = socket.allocate(SOCKADDR_LL_BYTES);
    }

    /**
     * Opens the socket.
     *
     * @throws NativeFailure with EPERM when CAP_NET_RAW is missing
     */
    static LinkFrames open() throws NativeFailure {
        return new LinkFrames(NativeSocket.open(Libc.AF_PACKET, Libc.SOCK_DGRAM, 0));
    }

    /** Whether a client can be reached this way; others have no hardware address of their own, as on InfiniBand. */
    static boolean reaches(LinkUnicast client) {
        return client.hardwareType() == LinkUnicast.ETHERNET && client.mac().length == ETHERNET_ADDRESS_BYTES;
    }

    /**
     * Sends one datagram.
     *
     * @param interfaceIndex the kernel's number of the interface
     * @return zero, or the error number
     */
    int send(int interfaceIndex, LinkUnicast client, int clientPort, Ipv4 source, int sourcePort, ByteBuffer datagram) {
        int total = HEADERS_BYTES + datagram.remaining();
        if (total > PACKET_BYTES_MAX) {
            return Errno.EMSGSIZE.number();
        }
        writePacket(packet, source, sourcePort, client.address(), clientPort, datagram);
        linkAddress.set(ValueLayout.JAVA_SHORT_UNALIGNED, 0, (short) Libc.AF_PACKET);
        linkAddress.set(Libc.NET_SHORT, 2, (short) ETHERTYPE_IPV4);
        linkAddress.set(ValueLayout.JAVA_INT_UNALIGNED, 4, interfaceIndex);
        linkAddress.set(ValueLayout.JAVA_BYTE, 11, (byte) ETHERNET_ADDRESS_BYTES);
        MemorySegment.copy(client.mac(), 0, linkAddress, ValueLayout.JAVA_BYTE, 12, ETHERNET_ADDRESS_BYTES);
        int sent = socket.send(packet, total, linkAddress);
        return sent < 0 ? -sent : 0;
    }

    /** Writes IPv4 and UDP headers and the payload (RFC 791 §3.1, RFC 768). Never fragmented, so the id is zero (RFC 6864 §4.1). */
    static void writePacket(
            MemorySegment packet, Ipv4 source, int sourcePort, Ipv4 to, int toPort, ByteBuffer datagram) {
        int payload = datagram.remaining();
        int udpLength = UDP_HEADER_BYTES + payload;
        packet.set(Libc.NET_SHORT, 0, (short) 0x4500);
        packet.set(Libc.NET_SHORT, 2, (short) (IP_HEADER_BYTES + udpLength));
        packet.set(Libc.NET_SHORT, 4, (short) 0);
        packet.set(Libc.NET_SHORT, 6, DONT_FRAGMENT);
        packet.set(ValueLayout.JAVA_BYTE, 8, TIME_TO_LIVE);
        packet.set(ValueLayout.JAVA_BYTE, 9, PROTOCOL_UDP);
        packet.set(Libc.NET_SHORT, 10, (short) 0);
        packet.set(Libc.NET_INT, 12, source.bits());
        packet.set(Libc.NET_INT, 16, to.bits());
        packet.set(Libc.NET_SHORT, 10, InternetChecksum.fold(InternetChecksum.add(0, packet, 0, IP_HEADER_BYTES)));

        packet.set(Libc.NET_SHORT, 20, (short) sourcePort);
        packet.set(Libc.NET_SHORT, 22, (short) toPort);
        packet.set(Libc.NET_SHORT, 24, (short) udpLength);
        packet.set(Libc.NET_SHORT, 26, (short) 0);
        MemorySegment.copy(MemorySegment.ofBuffer(datagram), 0, packet, HEADERS_BYTES, payload);
        // The checksum covers a pseudo-header of both addresses, the protocol and the length.
        long sum = InternetChecksum.add(PROTOCOL_UDP + udpLength, packet, 12, 8);
        short checksum = InternetChecksum.fold(InternetChecksum.add(sum, packet, IP_HEADER_BYTES, udpLength));
        // Zero would mean "no checksum"; its other ones' complement form means zero.
        packet.set(Libc.NET_SHORT, 26, checksum == 0 ? (short) -1 : checksum);
    }

    @Override
    public void close() {
        socket.close();
    }
}
