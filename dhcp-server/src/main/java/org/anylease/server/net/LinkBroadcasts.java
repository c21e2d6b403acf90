package org.anylease.server.net;

import java.lang.foreign.MemorySegment;
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
    private static final int DATAGRAM_BYTES_MAX = 65_507;

    private final int fd;
    private final SourcedMessage message = new SourcedMessage(DATAGRAM_BYTES_MAX);

    /**
     * Prepares the message.
     *
     * @param fd the wildcard socket, with SO_BROADCAST
     */
    LinkBroadcasts(int fd, int interfaceIndex, Ipv4 source, int clientPort) {
        this.fd = fd;
        message.from(interfaceIndex, source);
        message.to(Ipv4.BROADCAST, clientPort);
    }

    /** Sends one datagram; returns zero or the error number. */
    int send(ByteBuffer datagram) {
        if (datagram.remaining() > DATAGRAM_BYTES_MAX) {
            return Errno.EMSGSIZE.number();
        }
        MemorySegment.copy(MemorySegment.ofBuffer(datagram), 0, message.bytes(), 0, datagram.remaining());
        int sent = message.send(fd, datagram.remaining());
        return sent < 0 ? -sent : 0;
    }
}
