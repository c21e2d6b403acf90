package org.anylease.store.config;

import java.time.Duration;
import org.anylease.store.address.AddressRange;

/**
 * A range of addresses given out to clients without a reservation.
 *
 * @param range the addresses
 * @param settings what replies carry, over the subnet's
 * @param leaseTimes how long its leases are
 * @param access who may have its addresses
 * @param shortAbove once so many percent of the addresses are in use that the same clients may have, new leases have the
 *     shortest time; 0 for never
 * @param bootpLease how long a client has its address that speaks BOOTP and cannot renew it
 */
public record Pool(
        AddressRange range,
        ReplySettings settings,
        LeaseTimes leaseTimes,
        PoolAccess access,
        int shortAbove,
        Duration bootpLease) {
    /** Checks the share and the time. */
    public Pool {
        if (shortAbove < 0 || shortAbove > 100) {
            throw new IllegalArgumentException(shortAbove + " percent of a pool");
        }
        if (bootpLease.compareTo(Duration.ofSeconds(1)) < 0 || bootpLease.compareTo(LeaseTimes.INFINITE) > 0) {
            throw new IllegalArgumentException("a lease of " + bootpLease + " for BOOTP clients");
        }
    }

    /**
     * A pool whose leases never become shorter.
     *
     * @param range the addresses
     * @param settings what replies carry
     * @param leaseTimes how long its leases are
     * @param access who may have its addresses
     */
    public Pool(AddressRange range, ReplySettings settings, LeaseTimes leaseTimes, PoolAccess access) {
        this(range, settings, leaseTimes, access, 0, LeaseTimes.INFINITE);
    }

    /**
     * A pool for any client.
     *
     * @param range the addresses
     * @param settings what replies carry
     * @param leaseTimes how long its leases are
     */
    public Pool(AddressRange range, ReplySettings settings, LeaseTimes leaseTimes) {
        this(range, settings, leaseTimes, PoolAccess.OPEN);
    }
}
