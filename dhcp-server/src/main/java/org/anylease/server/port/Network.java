package org.anylease.server.port;

import java.nio.ByteBuffer;

/** Sends datagrams. What comes in goes to a {@link DatagramReceiver}. */
public interface Network {
    /**
     * Sends a datagram, or drops and counts it: like the network itself, this reports nothing back and never throws for
     * what the network does.
     *
     * <p>Call on the loop. The bytes between position and limit are copied before this returns, and the buffer is left
     * as it was, so that the caller may reuse it. Datagrams to one destination leave in the order of the calls; they
     * leave together at the end of the current burst of arrivals, at the latest at the end of the loop's turn. Sending
     * twice sends twice.
     *
     * @param reply the way it takes
     * @param datagram the UDP payload
     * @throws IllegalArgumentException when there is no such endpoint, or a link destination is asked of an endpoint
     *     that is not a {@link Endpoint.Link}
     */
    void send(Reply reply, ByteBuffer datagram);
}
