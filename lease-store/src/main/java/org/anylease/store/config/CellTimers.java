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
 * @param escrowTerm how long an escrowed address stays with its server from the last grant on
 * @param commitDeadline how long a server waits for a commit before it promises alone
 */
public record CellTimers(
        Duration mclt,
        Duration skew,
        Duration longestLease,
        Duration offerHold,
        Duration quarantine,
        Duration escrowTerm,
        Duration commitDeadline) {
    /** How long an escrowed address stays with its server where nobody says otherwise. */
    public static final Duration ESCROW_TERM = Duration.ofDays(2);

    /** How long a server waits for a commit where nobody says otherwise. */
    public static final Duration COMMIT_DEADLINE = Duration.ofMillis(300);

    /** Cuts the times to whole milliseconds, and checks that they lie between nothing and the longest possible lease. */
    public CellTimers {
        mclt = checked("mclt", mclt);
        skew = checked("skew", skew);
        longestLease = checked("longest lease", longestLease);
        offerHold = checked("offer hold", offerHold);
        quarantine = checked("quarantine", quarantine);
        escrowTerm = checked("escrow term", escrowTerm);
        commitDeadline = checked("commit deadline", commitDeadline);
        if (longestLease.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("longest lease " + longestLease + " is under a second");
        }
    }

    /**
     * Times with {@link #ESCROW_TERM} and {@link #COMMIT_DEADLINE}.
     *
     * @param mclt as in the record, like the further ones
     * @param skew bound on the difference of any two clocks
     * @param longestLease no promise is longer
     * @param offerHold how long an offered address is held
     * @param quarantine how long an address found in use is kept aside
     */
    public CellTimers(Duration mclt, Duration skew, Duration longestLease, Duration offerHold, Duration quarantine) {
        this(mclt, skew, longestLease, offerHold, quarantine, ESCROW_TERM, COMMIT_DEADLINE);
    }

    private static Duration checked(String name, Duration time) {
        if (time.isNegative() || time.compareTo(LeaseTimes.INFINITE) > 0) {
            throw new IllegalArgumentException(name + " " + time + " is not between 0 and " + LeaseTimes.INFINITE);
        }
        return time.truncatedTo(ChronoUnit.MILLIS);
    }
}
