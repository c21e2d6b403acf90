package org.anylease.server.expression;

import org.anylease.server.wire.Packet;
import org.anylease.server.wire.RelayInformation;
import org.anylease.store.address.Prefix;
import org.jspecify.annotations.Nullable;

/**
 * What an expression can see of a client's packet.
 *
 * @param packet the packet
 * @param relay its relay's words: the packet's own, else those of the packet that made the lease, since a renewal
 *     bypasses the relay; null where there are none
 * @param kind what the client asks for: {@code discover}, {@code selecting}, {@code init-reboot}, {@code renewing},
 *     {@code rebinding}, {@code release}, {@code decline}, {@code inform}, {@code bootp}
 * @param known whether an address is reserved for the client
 * @param subnet the subnet that it was sent from
 * @param network the name of the subnet's network
 */
public record RequestView(
        Packet packet, @Nullable RelayInformation relay, String kind, boolean known, Prefix subnet, String network) {}
