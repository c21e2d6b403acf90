package org.anylease.chaos.invariant;

import java.time.Instant;

/** A promise that the cluster makes, and the one who watches it. */
public interface Invariant {
    /**
     * The invariant's name.
     *
     * @return as docs/protocol names it, such as {@code I1 NoDoublePromise}
     */
    String name();

    /**
     * Judges a fact at once.
     *
     * @param fact what happened
     * @param now real time
     * @throws InvariantBroken when the invariant does not hold
     */
    void on(Fact fact, Instant now);

    /**
     * Judges the whole run, when faults are over and all is healed.
     *
     * @param ending how it ended
     * @throws InvariantBroken when the invariant does not hold
     */
    default void atTheEnd(Ending ending) {}
}
