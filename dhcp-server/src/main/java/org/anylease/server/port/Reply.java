package org.anylease.server.port;

import java.util.Objects;

/**
 * The way a reply takes: out of which endpoint, to where.
 *
 * @param endpoint the number of the {@link Endpoint} it leaves from, commonly {@link Arrival#endpoint()}; decides the
 *     source address and port
 * @param to where it goes
 */
public record Reply(int endpoint, Destination to) {
    /** Checks the ranges. */
    public Reply {
        Objects.requireNonNull(to);
        if (endpoint < 0) {
            throw new IllegalArgumentException("negative endpoint number: " + endpoint);
        }
    }
}
