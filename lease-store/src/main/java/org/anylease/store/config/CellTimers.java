package org.anylease.store.config;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * A cell's times, all of them durations of cell time.
 *
 * @param mclt maximum client lead time: how far a promise made alone may run past the committed expiry
 * @param skew bound on the difference of any two clocks
 * @param longestLease no promise is longer, in any network of the cell
 * @param offerHold how long an offered address is held for its client
 * @param quarantine how long an address found in use by a stranger is kept aside
 */
public record CellTimers(Duration mclt, Duration skew, Duration longestLease, Duration offerHold, Duration quarantine) {
    /** Cuts the times to whole milliseconds, and checks that they lie between nothing and the longest possible lease. */
    public CellTimers {
        mclt = checked("mclt", mclt);
        skew = checked("skew", skew);
        longestLease = checked("longest lease", longestLease);
        offerHold = checked("offer hold", offerHold);
        quarantine = checked("quarantine", quarantine);
        if (longestLease.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("longest lease " + longestLease + " is under a second");
        }
    }

    private static Duration checked(String name, Duration time) {
        if (time.isNegative() || time.compareTo(LeaseTimes.INFINITE) > 0) {
            throw new IllegalArgumentException(name + " " + time + " is not between 0 and " + LeaseTimes.INFINITE);
        }
        return time.truncatedTo(ChronoUnit.MILLIS);
    }
}
