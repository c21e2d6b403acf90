package org.anylease.server.net;

import java.nio.ByteBuffer;
import org.anylease.server.port.Destination.LinkUnicast;
import org.anylease.server.port.Endpoint;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends the replies of one interface with directly attached clients. Belongs to the loop. */
final class LinkSender {
    private static final Logger LOG = LoggerFactory.getLogger(LinkSender.class);

    private final Endpoint.Link endpoint;
    private final int interfaceIndex;
    private final UdpSocket socket;
    private final UdpSocket routed;
    private final @Nullable LinkFrames frames;
    private final LinkBroadcasts broadcasts;
    private boolean saidDenied;

    /**
     * Prepares the sender.
     *
     * @param socket the interface's socket
     * @param routed the socket of the service address
     * @param frames the frame sender, or null where the kernel forbids it
     */
    LinkSender(
            Endpoint.Link endpoint,
            int interfaceIndex,
            UdpSocket socket,
            UdpSocket routed,
            @Nullable LinkFrames frames) {
        this.endpoint = endpoint;
        this.interfaceIndex = interfaceIndex;
        this.socket = socket;
        this.routed = routed;
        this.frames = frames;
        this.broadcasts = new LinkBroadcasts(
                socket.channel().fd().intValue(), interfaceIndex, endpoint.serviceAddress(), endpoint.clientPort());
    }

    /** The socket that replies with a route leave by. */
    UdpSocket routed() {
        return routed;
    }

    void broadcast(ByteBuffer datagram) {
        socket.sentDirectly(broadcasts.send(datagram));
    }

    void unicast(LinkUnicast client, ByteBuffer datagram) {
        if (frames == null || !LinkFrames.reaches(client)) {
            broadcast(datagram);
            return;
        }
        int errno = frames.send(
                interfaceIndex, client, endpoint.clientPort(), endpoint.serviceAddress(), endpoint.port(), datagram);
        if (errno == 0) {
            socket.sentDirectly(errno);
            return;
        }
        switch (SendFailure.of(errno)) {
            // The kernel can fragment a broadcast, and may allow what it denies to frames.
            case TOO_LARGE -> broadcast(datagram);
            case DENIED -> {
                if (!saidDenied) {
                    saidDenied = true;
                    LOG.warn(
                            "{}: the kernel denies frames ({}); broadcasting instead",
                            endpoint.interfaceName(),
                            Errno.describe(errno));
                }
                broadcast(datagram);
            }
            case NO_ROUTE, NO_ROOM, QUEUE_FULL, CLOSED, OTHER -> socket.sentDirectly(errno);
        }
    }
}
