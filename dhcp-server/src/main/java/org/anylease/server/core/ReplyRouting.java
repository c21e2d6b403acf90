package org.anylease.server.core;

import java.util.Optional;
import org.anylease.server.port.Arrival;
import org.anylease.server.port.Destination;
import org.anylease.server.port.Reply;
import org.anylease.server.wire.HardwareAddress;
import org.anylease.server.wire.Packet;
import org.anylease.server.wire.RelayInformation;
import org.anylease.store.address.Ipv4;

/** Where replies go (RFC 2131 §4.1). All leave from the endpoint that heard the request. */
final class ReplyRouting {
    private static final int ETHERNET_ADDRESS_BYTES = 6;

    /** The first of the addresses that are no host's: multicast and reserved ones. */
    private static final long MULTICAST = 0xe000_0000L;

    private final LocalServer local;

    ReplyRouting(LocalServer local) {
        this.local = local;
    }

    /** Whether a reply can go to an address. A request could else have us send to a whole group. */
    static boolean isHost(Ipv4 address) {
        return address.bits() >>> 24 != 0 && address.unsigned() < MULTICAST;
    }

    /**
     * The way of an OFFER or ACK.
     *
     * @param broadcast whether it is broadcast on a link of this server, whatever the client asks for
     */
    Optional<Reply> lease(Inquiry inquiry, Ipv4 yiaddr, boolean broadcast) {
        Packet request = inquiry.packet();
        Arrival arrival = inquiry.arrival();
        if (!request.giaddr().isUnspecified()) {
            return Optional.of(toRelay(request, arrival));
        }
        boolean heardOnLink = !arrival.interfaceName().isEmpty();
        if (!request.ciaddr().isUnspecified() && !(broadcast && heardOnLink)) {
            return Optional.of(toClient(arrival, request.ciaddr()));
        }
        if (!heardOnLink) {
            return toSource(arrival);
        }
        HardwareAddress hardware = request.hardware();
        boolean unicast = !broadcast
                && !request.broadcast()
                && hardware.type() == HardwareAddress.ETHERNET
                && hardware.length() == ETHERNET_ADDRESS_BYTES;
        // A link without usable hardware addresses, such as IPoIB, takes broadcasts: RFC 4390 §2.2.
        Destination to = unicast
                ? new Destination.LinkUnicast(hardware.type(), hardware.bytes(), yiaddr)
                : new Destination.LinkBroadcast();
        return Optional.of(new Reply(arrival.endpoint(), to));
    }

    /**
     * The way of a NAK: through the relay, else by broadcast. A unicast renewal cannot be answered by broadcast on a
     * link that this server is not on; its NAK goes to ciaddr, where the client listens.
     */
    Optional<Reply> nak(Inquiry inquiry) {
        Packet request = inquiry.packet();
        Arrival arrival = inquiry.arrival();
        if (!request.giaddr().isUnspecified()) {
            return Optional.of(toRelay(request, arrival));
        }
        if (!arrival.interfaceName().isEmpty()) {
            return Optional.of(new Reply(arrival.endpoint(), new Destination.LinkBroadcast()));
        }
        return request.ciaddr().isUnspecified() ? toSource(arrival) : Optional.of(toClient(arrival, request.ciaddr()));
    }

    /**
     * The way of an INFORM's ACK: to ciaddr, whatever the relay (RFC 2131 §4.3.5). A client that leaves ciaddr empty is
     * answered through its relay, or where its packet came from.
     */
    Optional<Reply> informed(Inquiry inquiry) {
        Packet request = inquiry.packet();
        Arrival arrival = inquiry.arrival();
        if (!request.ciaddr().isUnspecified()) {
            return Optional.of(toClient(arrival, request.ciaddr()));
        }
        if (!request.giaddr().isUnspecified()) {
            return Optional.of(toRelay(request, arrival));
        }
        Optional<Reply> source = toSource(arrival);
        return source.isPresent() || arrival.interfaceName().isEmpty()
                ? source
                : Optional.of(new Reply(arrival.endpoint(), new Destination.LinkBroadcast()));
    }

    /** To giaddr, at the port that relays listen on or the one this relay asks for (RFC 8357 §4). */
    Reply toRelay(Packet request, Arrival arrival) {
        boolean sourcePort = arrival.sourcePort() > 0
                && request.relayInformation().map(RelayInformation::sourcePort).orElse(false);
        int port = sourcePort ? arrival.sourcePort() : local.relayPort();
        return new Reply(arrival.endpoint(), new Destination.UdpTo(request.giaddr(), port));
    }

    private Reply toClient(Arrival arrival, Ipv4 client) {
        return new Reply(arrival.endpoint(), new Destination.UdpTo(client, local.clientPort()));
    }

    private Optional<Reply> toSource(Arrival arrival) {
        return isHost(arrival.source()) ? Optional.of(toClient(arrival, arrival.source())) : Optional.empty();
    }
}
