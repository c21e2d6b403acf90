package org.anylease.chaos.nemesis;

import java.time.Duration;

/** What a scenario demands beyond the invariants. Times are counted from the scenario's beginning. */
sealed interface Expectation {
    /** No client asked for longer without any answer. */
    record SilenceAtMost(Duration most) implements Expectation {}

    /** From the healing on, it took no longer until all copies were equal and nothing waited to be committed. */
    record HealWithin(Duration most) implements Expectation {}

    /** Clients led to these sites got ACKs, or their first leases when only new clients count. */
    record Acks(boolean fresh, Who at, Duration from, Duration to, int atLeast) implements Expectation {}
}
