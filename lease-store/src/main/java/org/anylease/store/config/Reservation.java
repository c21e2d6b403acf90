package org.anylease.store.config;

import org.anylease.store.address.Ipv4;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;

/**
 * An address kept for one client.
 *
 * @param address the address; it may lie inside or outside a pool
 * @param key the client's hardware type and address, or its client identifier
 * @param hostname the name to hand out, or null
 * @param settings what replies carry, over the subnet's
 * @param leaseTimes how long its leases are
 * @param ownTimes whether the reservation itself says so; else a class's times go before them
 */
public record Reservation(
        Ipv4 address,
        ClientId key,
        @Nullable String hostname,
        ReplySettings settings,
        LeaseTimes leaseTimes,
        boolean ownTimes) {
    /**
     * A reservation with lease times of its own.
     *
     * @param address as in the record, like the further ones
     * @param key whose it is
     * @param hostname the name to hand out, or null
     * @param settings what replies carry
     * @param leaseTimes how long its leases are
     */
    public Reservation(
            Ipv4 address, ClientId key, @Nullable String hostname, ReplySettings settings, LeaseTimes leaseTimes) {
        this(address, key, hostname, settings, leaseTimes, true);
    }

    /**
     * Whether this reservation is for a client: one by hardware address matches whatever identifier the client
     * sends beside it.
     *
     * @param client a client
     * @return true when it is
     */
    public boolean isFor(LeaseClient client) {
        return isFor(key, client);
    }

    static boolean isFor(ClientId key, LeaseClient client) {
        return switch (key.kind()) {
            case HARDWARE -> key.value().equals(client.hardware());
            case CLIENT_IDENTIFIER -> key.equals(client.id());
        };
    }
}
