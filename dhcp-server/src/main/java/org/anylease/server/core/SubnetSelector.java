package org.anylease.server.core;

import java.util.List;
import java.util.Optional;
import org.anylease.server.event.ServerEvent;
import org.anylease.server.port.Arrival;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Packet;
import org.anylease.server.wire.RelayInformation;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.jspecify.annotations.Nullable;

/**
 * Which subnet a packet was sent from.
 *
 * <p>The first of these that the packet has decides, also when it names a subnet that nobody configured: falling back
 * to the next would serve a client from a network it is not on.
 *
 * <ol>
 *   <li>the relay's link selection (RFC 3527 §3),
 *   <li>the client's subnet selection (RFC 3011 §2),
 *   <li>giaddr (RFC 2131 §4.3.1),
 *   <li>the addresses of the interface that heard a broadcast,
 *   <li>ciaddr of a unicast packet, which bypassed its relay (RFC 2131 §4.3.2, RENEWING).
 * </ol>
 *
 * <p>Where networks belong to virtual private networks (RFC 6607), a packet that says it is of one is placed in no network
 * of another, and one that came through a relay and says nothing in none of them. Where its address leads into no network of
 * its virtual one, and that is one network alone, the name decides.
 */
final class SubnetSelector {
    private final LocalServer local;

    SubnetSelector(LocalServer local) {
        this.local = local;
    }

    /** What a selection came to. */
    sealed interface Selection {
        /**
         * A subnet.
         *
         * @param subnet the subnet
         * @param by what decided, to be counted
         */
        record In(ServedSubnet subnet, ServerEvent by) implements Selection {}

        /**
         * No configured one: silence.
         *
         * @param why to be counted
         */
        record Nowhere(ServerEvent why) implements Selection {}
    }

    Selection select(Packet packet, Arrival arrival, ServingPlan plan) {
        Selection byAddress = byAddress(packet, arrival, plan);
        Octets vpn = VirtualNetwork.of(packet);
        Octets there =
                byAddress instanceof Selection.In in ? in.subnet.network().vpn() : Octets.EMPTY;
        if (there.equals(vpn)) {
            return byAddress;
        }
        ServedSubnet only = plan.subnetOfVpn(vpn);
        if (only != null) {
            return new Selection.In(only, ServerEvent.SELECTED_BY_VPN);
        }
        // A name that nothing is configured for is ignored, which the reply says; a renewal past the relay has none.
        boolean ignored = there.isEmpty();
        boolean pastRelay = vpn.isEmpty()
                && packet.giaddr().isUnspecified()
                && !packet.ciaddr().isUnspecified();
        return ignored || pastRelay ? byAddress : new Selection.Nowhere(ServerEvent.UNKNOWN_VPN);
    }

    private Selection byAddress(Packet packet, Arrival arrival, ServingPlan plan) {
        Optional<Ipv4> link = packet.relayInformation().flatMap(RelayInformation::linkSelection);
        if (link.isPresent()) {
            return of(
                    plan.subnetOf(link.get()),
                    ServerEvent.SELECTED_BY_LINK_SELECTION,
                    ServerEvent.UNKNOWN_LINK_SELECTION);
        }
        Optional<Ipv4> wanted = packet.options().ipv4(OptionCode.SUBNET_SELECTION);
        if (wanted.isPresent()) {
            return of(
                    plan.subnetOf(wanted.get()),
                    ServerEvent.SELECTED_BY_SUBNET_OPTION,
                    ServerEvent.UNKNOWN_SUBNET_OPTION);
        }
        if (!packet.giaddr().isUnspecified()) {
            return of(plan.subnetOf(packet.giaddr()), ServerEvent.SELECTED_BY_GIADDR, ServerEvent.UNKNOWN_GIADDR);
        }
        boolean heardOnLink = !arrival.interfaceName().isEmpty();
        if (!packet.ciaddr().isUnspecified() && !(heardOnLink && arrival.broadcast())) {
            return of(plan.subnetOf(packet.ciaddr()), ServerEvent.SELECTED_BY_CIADDR, ServerEvent.UNKNOWN_CIADDR);
        }
        return of(ofInterface(arrival, plan), ServerEvent.SELECTED_BY_INTERFACE, ServerEvent.UNKNOWN_INTERFACE);
    }

    private static Selection of(@Nullable ServedSubnet subnet, ServerEvent by, ServerEvent unknown) {
        return subnet == null ? new Selection.Nowhere(unknown) : new Selection.In(subnet, by);
    }

    private @Nullable ServedSubnet ofInterface(Arrival arrival, ServingPlan plan) {
        for (Ipv4 address : local.interfaces().getOrDefault(arrival.interfaceName(), List.of())) {
            ServedSubnet subnet = plan.subnetOf(address);
            if (subnet != null) {
                return subnet;
            }
        }
        return null;
    }
}
