package org.anylease.raft.membership;

import java.net.InetSocketAddress;

/**
 * Where a service listens.
 *
 * @param host a name or an address; an IPv6 address without brackets
 * @param port 1 to 65535
 */
public record Endpoint(String host, int port) {
    private static final int PORT_MAX = 65_535;

    /** Checks host and port. */
    public Endpoint {
        if (host.isBlank() || port < 1 || port > PORT_MAX) {
            throw new IllegalArgumentException("'" + host + ":" + port + "' is no endpoint (expected host:port)");
        }
    }

    /**
     * Reads {@code host:port}.
     *
     * @param text such as {@code 192.0.2.1:7401} or {@code [2001:db8::1]:7401}
     * @return the endpoint
     * @throws IllegalArgumentException when the text is none
     */
    public static Endpoint parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException("'" + text + "' is no endpoint (expected host:port)");
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        try {
            return new Endpoint(host, Integer.parseInt(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is no endpoint (expected host:port)", e);
        }
    }

    /**
     * The address to connect to; a name is resolved.
     *
     * @return the address
     */
    public InetSocketAddress address() {
        return new InetSocketAddress(host, port);
    }

    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
