package org.anylease.server.core;

import org.anylease.store.config.ClassTimes;
import org.anylease.store.config.ReplySettings;

/**
 * What the classes of a client add to its replies, all of them merged.
 *
 * @param number tells the overlays of a plan apart; {@link #UNNUMBERED} for one of too many
 * @param settings what replies carry
 * @param times how long leases are
 */
record Overlay(int number, ReplySettings settings, ClassTimes times) {
    /** One that is made anew for each packet. */
    static final int UNNUMBERED = -1;

    /** Nothing. */
    static final Overlay NONE = new Overlay(0, ReplySettings.NONE, ClassTimes.NONE);

    boolean isNothing() {
        return number == 0;
    }
}
