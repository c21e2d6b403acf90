package org.anylease.store.config;

import java.time.Duration;

/**
 * How long leases are, in whole seconds.
 *
 * @param minimum no lease is shorter, whatever the client asks for
 * @param standard what a client gets that asks for nothing
 * @param maximum no lease is longer; {@link #INFINITE} allows a lease without end
 */
public record LeaseTimes(Duration minimum, Duration standard, Duration maximum) {
    /** The lease without end, 0xffffffff seconds on the wire (RFC 2131 §3.3). */
    public static final Duration INFINITE = Duration.ofSeconds(0xffff_ffffL);

    /** Checks the order. */
    public LeaseTimes {
        if (minimum.isNegative()
                || minimum.isZero()
                || minimum.compareTo(standard) > 0
                || standard.compareTo(maximum) > 0
                || maximum.compareTo(INFINITE) > 0) {
            throw new IllegalArgumentException("lease times must satisfy 0 < minimum <= standard <= maximum, not "
                    + minimum + ", " + standard + ", " + maximum);
        }
    }
}
