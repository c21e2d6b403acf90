package org.anylease.store.config;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.anylease.store.address.Ipv4;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;

/**
 * An address kept for one client at an operator's word rather than by the operator's file. It has the lease times and
 * the options of its subnet. It stays when another file comes into force; where that file reserves its address, or
 * another address of the network for its client, the file's word counts as long as it says so.
 *
 * @param address the address; it may lie inside or outside a pool
 * @param key the client's hardware type and address, or its client identifier
 * @param hostname the name to hand out, or null
 * @param author who asked for it
 * @param added when
 */
public record RuntimeReservation(
        Ipv4 address, ClientId key, @Nullable String hostname, String author, Instant added) {
    /** Cuts the time to whole milliseconds, and checks that it can be written down. */
    public RuntimeReservation {
        if (added.isBefore(Instant.EPOCH) || added.isAfter(Binding.TIME_MAX)) {
            throw new IllegalArgumentException(
                    "a reservation added at " + added + " is not between 1970 and " + Binding.TIME_MAX);
        }
        added = added.truncatedTo(ChronoUnit.MILLIS);
    }

    /**
     * Whether this reservation is for a client, as {@link Reservation#isFor} says.
     *
     * @param client a client
     * @return true when it is
     */
    public boolean isFor(LeaseClient client) {
        return Reservation.isFor(key, client);
    }

    /**
     * The reservation that a configuration would have for it.
     *
     * @param subnet the subnet that its address lies in
     * @return the reservation, with that subnet's lease times
     */
    public Reservation in(Subnet subnet) {
        return new Reservation(address, key, hostname, ReplySettings.NONE, subnet.leaseTimes(), false);
    }
}
