package org.anylease.server.net;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import org.anylease.store.address.Ipv4;

/**
 * Sends broadcasts out of a chosen interface from a chosen source address, over a UDP socket that another owns.
 *
 * <p>The kernel would give a broadcast from the wildcard socket the interface's own address, and a broadcast from the
 * socket of the service address leaves by the interface that holds the address, which is loopback. IP_PKTINFO in
 * {@code sendmsg} sets both (ip(7)); it needs no privilege, and keeps the owner's source port.
 */
final class LinkBroadcasts {
    private static final int MSGHDR_BYTES = 56;
    private static final int IOVEC_BYTES = 16;
    private static final int PKTINFO_BYTES = 12;
    private static final int CMSG_HEADER_BYTES = 16;
    private static final int CMSG_SPACE_BYTES = 32;
    private static final int DATAGRAM_BYTES_MAX = 65_507;

    private final int fd;
    private final Arena arena = Arena.ofAuto();
    private final MemorySegment state = arena.allocate(Libc.CALL_STATE);
    private final MemorySegment header = arena.allocate(MSGHDR_BYTES, 8);
    private final MemorySegment vector = arena.allocate(IOVEC_BYTES, 8);
    private final MemorySegment bytes = arena.allocate(DATAGRAM_BYTES_MAX);

    /**
     * Prepares the message.
     *
     * @param fd the wildcard socket, with SO_BROADCAST
     */
    LinkBroadcasts(int fd, int interfaceIndex, Ipv4 source, int clientPort) {
        this.fd = fd;
        MemorySegment name = arena.allocate(Libc.SOCKADDR_IN_BYTES, 8);
        Libc.writeAddress(name, Ipv4.BROADCAST, clientPort);
        MemorySegment control = arena.allocate(CMSG_SPACE_BYTES, 8);
        control.set(JAVA_LONG, 0, CMSG_HEADER_BYTES + PKTINFO_BYTES);
        control.set(JAVA_INT, 8, Libc.SOL_IP);
        control.set(JAVA_INT, 12, Libc.IP_PKTINFO);
        control.set(JAVA_INT, 16, interfaceIndex);
        control.set(Libc.NET_INT, 20, source.bits());
        vector.set(ValueLayout.ADDRESS, 0, bytes);
        header.set(ValueLayout.ADDRESS, 0, name);
        header.set(JAVA_INT, 8, Libc.SOCKADDR_IN_BYTES);
        header.set(ValueLayout.ADDRESS, 16, vector);
        header.set(JAVA_LONG, 24, 1);
        header.set(ValueLayout.ADDRESS, 32, control);
        header.set(JAVA_LONG, 40, CMSG_SPACE_BYTES);
    }

    /** Sends one datagram; returns zero or the error number. */
    int send(ByteBuffer datagram) {
        if (datagram.remaining() > DATAGRAM_BYTES_MAX) {
            return Errno.EMSGSIZE.number();
        }
        MemorySegment.copy(MemorySegment.ofBuffer(datagram), 0, bytes, 0, datagram.remaining());
        vector.set(JAVA_LONG, 8, datagram.remaining());
        int sent = Libc.sendmsg(state, fd, header);
        return sent < 0 ? -sent : 0;
    }
}
