package org.anylease.server.config;

import java.time.Duration;
import org.anylease.store.config.CellTimers;
import org.jspecify.annotations.Nullable;

/**
 * What the file or a cell says of the lease protocol's times; null inherits.
 *
 * @param mclt how far a promise made alone may run past the committed expiry
 * @param skew bound on the difference of any two clocks
 * @param longestLease no promise is longer
 * @param offerHold how long an offered address is held for its client
 * @param quarantine how long an address found in use by a stranger is kept aside
 * @param commitDeadline how long a server waits for a commit before it promises alone
 */
public record TimerSettings(
        @Nullable Duration mclt,
        @Nullable Duration skew,
        @Nullable Duration longestLease,
        @Nullable Duration offerHold,
        @Nullable Duration quarantine,
        @Nullable Duration commitDeadline) {
    /** Everything is inherited. */
    public static final TimerSettings NONE = new TimerSettings(null, null, null, null, null, null);

    private static final Duration MCLT = Duration.ofHours(24);
    private static final Duration SKEW = Duration.ofSeconds(5);
    private static final Duration OFFER_HOLD = Duration.ofSeconds(30);
    private static final Duration QUARANTINE = Duration.ofHours(24);

    /**
     * These times, and another level's where these say nothing.
     *
     * @param outer the level around this one
     * @return what is said here or there
     */
    public TimerSettings over(TimerSettings outer) {
        return new TimerSettings(
                mclt != null ? mclt : outer.mclt,
                skew != null ? skew : outer.skew,
                longestLease != null ? longestLease : outer.longestLease,
                offerHold != null ? offerHold : outer.offerHold,
                quarantine != null ? quarantine : outer.quarantine,
                commitDeadline != null ? commitDeadline : outer.commitDeadline);
    }

    /**
     * The times in force: what is said, else the defaults.
     *
     * @param longestMaximum the longest maximum of any lease of the cell, which bounds all where nothing is said
     * @param escrowTerm how long an escrowed address stays with its server
     * @return the times
     */
    public CellTimers inForce(Duration longestMaximum, Duration escrowTerm) {
        return new CellTimers(
                mclt != null ? mclt : MCLT,
                skew != null ? skew : SKEW,
                longestLease != null ? longestLease : longestMaximum,
                offerHold != null ? offerHold : OFFER_HOLD,
                quarantine != null ? quarantine : QUARANTINE,
                escrowTerm,
                commitDeadline != null ? commitDeadline : CellTimers.COMMIT_DEADLINE);
    }
}
