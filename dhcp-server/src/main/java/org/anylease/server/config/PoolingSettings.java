package org.anylease.server.config;

import java.time.Duration;
import org.anylease.store.config.LeaseTimes;
import org.jspecify.annotations.Nullable;

/**
 * What one level of the file says of how pools are given out; null inherits.
 *
 * @param shortAbove once so many percent are in use, leases are as short as they may be
 * @param bootpLease how long a client has its address that speaks BOOTP
 */
public record PoolingSettings(
        @Nullable Integer shortAbove, @Nullable Duration bootpLease) {
    /** Everything is inherited. */
    public static final PoolingSettings NONE = new PoolingSettings(null, null);

    /**
     * These settings, and another level's where these say nothing.
     *
     * @param outer the level around this one
     * @return what is said here or there
     */
    public PoolingSettings over(PoolingSettings outer) {
        return new PoolingSettings(
                shortAbove != null ? shortAbove : outer.shortAbove, bootpLease != null ? bootpLease : outer.bootpLease);
    }

    int shortAboveInForce() {
        return shortAbove == null ? 0 : shortAbove;
    }

    Duration bootpLeaseInForce() {
        return bootpLease == null ? LeaseTimes.INFINITE : bootpLease;
    }
}
