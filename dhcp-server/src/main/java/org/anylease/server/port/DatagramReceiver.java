package org.anylease.server.port;

import java.nio.ByteBuffer;

/** Takes the datagrams that come in. */
@FunctionalInterface
public interface DatagramReceiver {
    /**
     * A datagram came in. Called on the loop, in order of arrival per endpoint.
     *
     * @param arrival where
     * @param datagram the UDP payload between position and limit, big-endian, at most 4095 bytes; valid only until this
     *     call returns
     */
    void received(Arrival arrival, ByteBuffer datagram);
}
