package org.anylease.server.port;

import java.util.Objects;
import org.anylease.store.address.Ipv4;

/**
 * Where a datagram came in.
 *
 * @param endpoint the number of the {@link Endpoint} that received it
 * @param localAddress the address that endpoint's socket is bound to; 0.0.0.0 for an {@link Endpoint.Link}
 * @param interfaceName the interface of an {@link Endpoint.Link}; empty for endpoints bound to an address
 * @param source the sender's address; 0.0.0.0 for a client that has none
 * @param sourcePort the sender's port, which a relay may want replies on (RFC 8357); 0 when the sender gave none
 * @param broadcast whether it was sent to the limited or the link's directed broadcast address
 */
public record Arrival(
        int endpoint, Ipv4 localAddress, String interfaceName, Ipv4 source, int sourcePort, boolean broadcast) {
    /** Checks the ranges. */
    public Arrival {
        Objects.requireNonNull(localAddress);
        Objects.requireNonNull(interfaceName);
        Objects.requireNonNull(source);
        if (endpoint < 0) {
            throw new IllegalArgumentException("negative endpoint number: " + endpoint);
        }
        if (sourcePort < 0 || sourcePort > 65_535) {
            throw new IllegalArgumentException("not a UDP port: " + sourcePort);
        }
    }
}
