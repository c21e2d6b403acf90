package org.anylease.server.leasequery;

import java.time.Duration;

/**
 * What bulk lease queries may take of a server.
 *
 * @param connections how many connections at a time
 * @param queries how many queries of a connection wait for their turn; further ones are not read meanwhile
 * @param timeout how long a connection may stand still, with nothing asked or nothing taken
 */
public record BulkLimits(int connections, int queries, Duration timeout) {
    /** Checks that something is allowed at all. */
    public BulkLimits {
        if (connections < 1 || queries < 1 || !timeout.isPositive()) {
            throw new IllegalArgumentException("limits of bulk lease queries are positive, not " + connections + ", "
                    + queries + " and " + timeout);
        }
    }
}
