package org.anylease.store.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a class says of lease times, in whole seconds; null leaves it to the address.
 *
 * @param minimum no lease is shorter
 * @param standard what a client gets that asks for nothing
 * @param maximum no lease is longer
 */
public record ClassTimes(
        @Nullable Duration minimum,
        @Nullable Duration standard,
        @Nullable Duration maximum) {
    /** Everything is left to the address. */
    public static final ClassTimes NONE = new ClassTimes(null, null, null);

    /** Checks the order, as far as it is said. */
    public ClassTimes {
        check(minimum, standard);
        check(standard, maximum);
        check(minimum, maximum);
        check(maximum, LeaseTimes.INFINITE);
    }

    private static void check(@Nullable Duration shorter, @Nullable Duration longer) {
        if (shorter != null && (shorter.isNegative() || shorter.isZero())) {
            throw new IllegalArgumentException("a lease time of " + shorter);
        }
        if (shorter != null && longer != null && shorter.compareTo(longer) > 0) {
            throw new IllegalArgumentException(
                    "a class's lease times contradict each other: " + shorter + ", " + longer);
        }
    }

    /**
     * These times over those of an address. What the address says gives way where it contradicts this.
     *
     * @param outer the times of the address
     * @return the times in force
     */
    public LeaseTimes over(LeaseTimes outer) {
        Duration most = maximum != null ? maximum : longest(outer.maximum(), standard, minimum);
        Duration least = minimum != null ? minimum : shortest(outer.minimum(), standard, most);
        Duration usual = standard != null ? standard : shortest(longest(outer.standard(), least, null), most, null);
        return new LeaseTimes(least, usual, most);
    }

    private static Duration longest(Duration a, @Nullable Duration b, @Nullable Duration c) {
        Duration longest = b != null && b.compareTo(a) > 0 ? b : a;
        return c != null && c.compareTo(longest) > 0 ? c : longest;
    }

    private static Duration shortest(Duration a, @Nullable Duration b, @Nullable Duration c) {
        Duration shortest = b != null && b.compareTo(a) < 0 ? b : a;
        return c != null && c.compareTo(shortest) < 0 ? c : shortest;
    }
}
