package org.anylease.server.net;

import java.util.Map;
import org.anylease.server.port.Endpoint;

/**
 * What one endpoint has done since it was opened.
 *
 * @param endpoint the endpoint
 * @param received datagrams handed on
 * @param truncated datagrams dropped because they filled the receive buffer and so may have lost their end
 * @param receiveBufferDrops datagrams the kernel dropped because the socket's buffer was full; empty buffers mean the
 *     loop keeps up
 * @param sent datagrams the kernel took
 * @param sendFailures datagrams not sent, by reason; every reason is present
 */
public record EndpointCounters(
        Endpoint endpoint,
        long received,
        long truncated,
        long receiveBufferDrops,
        long sent,
        Map<SendFailure, Long> sendFailures) {
    /** Takes a copy of the map. */
    public EndpointCounters {
        sendFailures = Map.copyOf(sendFailures);
    }

    /**
     * All datagrams not sent.
     *
     * @return the sum over the reasons
     */
    public long failed() {
        return sendFailures.values().stream().mapToLong(Long::longValue).sum();
    }
}
