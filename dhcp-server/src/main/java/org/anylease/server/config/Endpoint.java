package org.anylease.server.config;

import org.anylease.store.address.Ipv4;

/**
 * Where something listens.
 *
 * @param address the address
 * @param port 1 to 65535
 */
public record Endpoint(Ipv4 address, int port) {
    /** Checks the port. */
    public Endpoint {
        if (port < 1 || port > 0xffff) {
            throw new IllegalArgumentException("port " + port + " does not exist");
        }
    }

    /** Such as {@code 10.1.0.2:6781}. */
    @Override
    public String toString() {
        return address + ":" + port;
    }
}
