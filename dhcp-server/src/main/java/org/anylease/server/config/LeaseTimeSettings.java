package org.anylease.server.config;

import java.time.Duration;
import org.anylease.store.config.LeaseTimes;
import org.jspecify.annotations.Nullable;

/**
 * What one level of the file says of lease times.
 *
 * @param lease what a client gets that asks for nothing, or null to inherit
 * @param minimum no lease is shorter, or null to inherit
 * @param maximum no lease is longer, or null to inherit
 */
public record LeaseTimeSettings(
        @Nullable Duration lease,
        @Nullable Duration minimum,
        @Nullable Duration maximum) {
    /** Everything is inherited. */
    public static final LeaseTimeSettings NONE = new LeaseTimeSettings(null, null, null);

    private static final Duration LEASE = Duration.ofHours(1);
    private static final Duration MINIMUM = Duration.ofMinutes(5);
    private static final Duration MAXIMUM = Duration.ofHours(24);

    /**
     * These times, and another level's where these say nothing.
     *
     * @param outer the level around this one
     * @return what is said here or there
     */
    public LeaseTimeSettings over(LeaseTimeSettings outer) {
        return new LeaseTimeSettings(
                lease != null ? lease : outer.lease,
                minimum != null ? minimum : outer.minimum,
                maximum != null ? maximum : outer.maximum);
    }

    /**
     * The times in force: what is said, and defaults that never contradict it.
     *
     * @param longest the longest promise of the cell, where it is said
     * @return the times
     * @throws IllegalArgumentException when what is said contradicts itself
     */
    public LeaseTimes inForce(@Nullable Duration longest) {
        Duration bound = maximum != null ? maximum : longest != null ? longest : LeaseTimes.INFINITE;
        Duration standard = lease;
        if (standard == null) {
            standard = shorter(minimum != null ? longer(LEASE, minimum) : LEASE, bound);
        }
        return new LeaseTimes(
                minimum != null ? minimum : shorter(MINIMUM, standard),
                standard,
                maximum != null ? maximum : longer(standard, shorter(MAXIMUM, bound)));
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
