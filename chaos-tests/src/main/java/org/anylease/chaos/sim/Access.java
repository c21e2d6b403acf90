package org.anylease.chaos.sim;

import org.anylease.server.wire.HardwareAddress;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.ServerId;
import org.jspecify.annotations.Nullable;

/**
 * How a client reaches the servers: through a relay, or because a server sits on its link.
 *
 * @param hardware its hardware address
 * @param relay the relay's address on the client's link, or null
 * @param neighbour the server on its link, or null
 */
record Access(
        HardwareAddress hardware,
        @Nullable Ipv4 relay,
        @Nullable ServerId neighbour) {
    /** What routers hash when they choose a site for the packets it sends itself. */
    String flow() {
        return hardware.toString();
    }
}
