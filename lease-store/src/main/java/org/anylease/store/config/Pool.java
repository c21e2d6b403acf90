package org.anylease.store.config;

import org.anylease.store.address.AddressRange;

/**
 * A range of addresses given out to clients without a reservation.
 *
 * @param range the addresses
 * @param settings what replies carry, over the subnet's
 * @param leaseTimes how long its leases are
 * @param access who may have its addresses
 */
public record Pool(AddressRange range, ReplySettings settings, LeaseTimes leaseTimes, PoolAccess access) {
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
