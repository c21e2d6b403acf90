package org.anylease.server.core;

import java.util.List;
import org.anylease.store.address.AddressRange;
import org.anylease.store.address.Ipv4;

/**
 * Whom a server does not serve, or not more often than so. Each number but that of leases counts within a minute; 0 is
 * no limit. A client
 * that has a lease is never held up by what others do on its circuit or in its subnet.
 *
 * @param relays the relays whose packets it takes, by giaddr; empty for all
 * @param clientPackets how many packets of one client
 * @param circuitClients how many DISCOVERs of clients without a lease, of one circuit of one relay (RFC 3046 §3.1)
 * @param circuitLeases how many leases run on one circuit before its further clients get none
 * @param subnetClients how many DISCOVERs of clients without a lease, of one subnet
 */
public record Limits(
        List<AddressRange> relays, int clientPackets, int circuitClients, int circuitLeases, int subnetClients) {
    /** No limits. */
    public static final Limits NONE = new Limits(List.of(), 0, 0, 0, 0);

    /** Copies the list, and checks the numbers. */
    public Limits {
        relays = List.copyOf(relays);
        if (clientPackets < 0 || circuitClients < 0 || circuitLeases < 0 || subnetClients < 0) {
            throw new IllegalArgumentException("a limit is negative");
        }
    }

    /** Whether packets of a relay are taken; those that came without one always are. */
    boolean allowsRelay(Ipv4 giaddr) {
        return relays.isEmpty() || giaddr.isUnspecified() || relays.stream().anyMatch(range -> range.contains(giaddr));
    }
}
