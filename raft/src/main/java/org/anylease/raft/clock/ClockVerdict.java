package org.anylease.raft.clock;

import org.jspecify.annotations.Nullable;

/**
 * What a server may do by its clock in a cell.
 *
 * @param doubt why it must not promise alone, or null when it may
 * @param stamps whether it may stamp entries as the leader
 */
public record ClockVerdict(@Nullable ClockDoubt doubt, boolean stamps) {
    /**
     * Whether it may promise alone by its clock.
     *
     * @return true when there is no doubt
     */
    public boolean trusted() {
        return doubt == null;
    }
}
