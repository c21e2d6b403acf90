package org.anylease.store.config;

import java.time.Duration;

/**
 * A cell's times, all of them durations of cell time.
 *
 * @param mclt maximum client lead time: how far a promise made alone may run past the committed expiry
 * @param skew bound on the difference of any two clocks
 * @param longestLease no promise is longer, in any network of the cell
 * @param offerHold how long an offered address is held for its client
 * @param quarantine how long an address found in use by a stranger is kept aside
 */
public record CellTimers(
        Duration mclt, Duration skew, Duration longestLease, Duration offerHold, Duration quarantine) {}
