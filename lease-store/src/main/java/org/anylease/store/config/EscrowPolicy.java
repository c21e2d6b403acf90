package org.anylease.store.config;

import java.time.Duration;

/**
 * How much a server is given to give out alone, in each network: as many addresses as the new clients that it saw
 * would take in {@code autonomy}, within these bounds.
 *
 * @param floor at least so many addresses for each server and network, traffic or not
 * @param ceiling at most so many addresses for each server and network
 * @param autonomy how long a server that is cut off is to have addresses for new clients
 */
public record EscrowPolicy(int floor, int ceiling, Duration autonomy) {
    /** What holds where nobody says otherwise: 16 to 4096 addresses, for a day. */
    public static final EscrowPolicy STANDARD = new EscrowPolicy(16, 4096, Duration.ofDays(1));

    /** Checks the order. */
    public EscrowPolicy {
        if (floor < 0 || ceiling < floor) {
            throw new IllegalArgumentException(
                    "escrow must satisfy 0 <= floor <= ceiling, not " + floor + ", " + ceiling);
        }
        if (autonomy.isNegative() || autonomy.compareTo(LeaseTimes.INFINITE) > 0) {
            throw new IllegalArgumentException("autonomy " + autonomy + " is not between 0 and " + LeaseTimes.INFINITE);
        }
    }
}
