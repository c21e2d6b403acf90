package org.anylease.server.config;

import org.anylease.store.config.ReplySettings;

/**
 * What can be said at every level of the file, and reaches down to the levels below that say nothing themselves.
 *
 * @param replies what replies carry
 * @param times how long leases are
 * @param pooling how pools are given out
 */
public record LevelSettings(ReplySettings replies, LeaseTimeSettings times, PoolingSettings pooling) {
    /** Everything is inherited. */
    public static final LevelSettings NONE =
            new LevelSettings(ReplySettings.NONE, LeaseTimeSettings.NONE, PoolingSettings.NONE);
}
