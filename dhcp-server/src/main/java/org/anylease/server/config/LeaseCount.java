package org.anylease.server.config;

import org.anylease.store.address.AddressRange;

/** Counts the leases that run now; how is up to the caller. */
@FunctionalInterface
public interface LeaseCount {
    /**
     * Counts the running leases of a range. May be asked often, and for ranges of any size.
     *
     * @param range any range
     * @return how many of its addresses are leased
     */
    long in(AddressRange range);
}
