package org.anylease.server.core;

import org.anylease.server.port.Arrival;
import org.anylease.server.wire.Packet;
import org.anylease.store.lease.LeaseClient;

/**
 * A client's packet, placed: who sent it, and from which subnet.
 *
 * @param packet the packet
 * @param arrival where it came in
 * @param subnet the subnet it was sent from, of the network whose clients it concerns
 * @param client who sent it
 */
record Inquiry(Packet packet, Arrival arrival, ServedSubnet subnet, LeaseClient client) {
    ServedNetwork network() {
        return subnet.network();
    }
}
