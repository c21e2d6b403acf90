package org.anylease.store.config;

import java.util.List;
import org.anylease.store.address.Prefix;

/**
 * A prefix with its pools and reservations.
 *
 * @param prefix the subnet
 * @param pools in order of preference; none overlaps another
 * @param reservations at most one for each address and client
 * @param settings what replies carry, over the network's
 * @param leaseTimes how long leases are that no pool or reservation says otherwise of
 */
public record Subnet(
        Prefix prefix,
        List<Pool> pools,
        List<Reservation> reservations,
        ReplySettings settings,
        LeaseTimes leaseTimes) {
    /** Copies the lists. */
    public Subnet {
        pools = List.copyOf(pools);
        reservations = List.copyOf(reservations);
    }
}
