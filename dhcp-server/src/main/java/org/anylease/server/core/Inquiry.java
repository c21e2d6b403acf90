package org.anylease.server.core;

import java.time.Instant;
import org.anylease.server.event.PacketKind;
import org.anylease.server.event.PacketOutcome;
import org.anylease.server.port.Arrival;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.Packet;
import org.anylease.server.wire.RelayInformation;
import org.anylease.store.address.Ipv4;
import org.anylease.store.command.RequestKind;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;

/**
 * A client's packet, placed: who sent it, and from which subnet.
 *
 * @param packet the packet
 * @param arrival where it came in
 * @param story what becomes of it
 * @param subnet the subnet it was sent from, of the network whose clients it concerns
 * @param client who sent it, as a member of the classes that the cell decides by
 * @param overlay what its classes add to replies
 * @param asked when it was sent here: the first time, when it is a repeat that joined an exchange
 */
record Inquiry(
        Packet packet,
        Arrival arrival,
        Story story,
        ServedSubnet subnet,
        LeaseClient client,
        Overlay overlay,
        Instant asked) {
    /** What a packet is, told without knowing where it belongs. */
    static PacketKind kind(MessageType type, Packet packet, Arrival arrival) {
        return switch (type) {
            case DISCOVER -> PacketKind.DISCOVER;
            case REQUEST -> kind(Requesting.kind(packet, arrival));
            case RELEASE -> PacketKind.RELEASE;
            case DECLINE -> PacketKind.DECLINE;
            case INFORM -> PacketKind.INFORM;
            case LEASEQUERY -> PacketKind.LEASEQUERY;
            case OFFER,
                    ACK,
                    NAK,
                    FORCERENEW,
                    LEASEUNASSIGNED,
                    LEASEUNKNOWN,
                    LEASEACTIVE,
                    BULKLEASEQUERY,
                    LEASEQUERYDONE,
                    ACTIVELEASEQUERY,
                    LEASEQUERYSTATUS,
                    TLS -> PacketKind.OTHER;
        };
    }

    private static PacketKind kind(@Nullable RequestKind kind) {
        return switch (kind) {
            case SELECTING -> PacketKind.REQUEST_SELECTING;
            case INIT_REBOOT -> PacketKind.REQUEST_INIT_REBOOT;
            case RENEWING -> PacketKind.REQUEST_RENEWING;
            case REBINDING -> PacketKind.REQUEST_REBINDING;
            case null -> PacketKind.OTHER;
        };
    }

    PacketKind kind() {
        return story.kind();
    }

    /** Whether its client speaks BOOTP: what it would be offered is taken for it, and told as its address. */
    boolean isBootp() {
        return story.kind() == PacketKind.BOOTP;
    }

    ServedNetwork network() {
        return subnet.network();
    }

    /** What its relay wants the client to take for its server (RFC 5107 §4), or null. */
    @Nullable
    Ipv4 serverOverride() {
        RelayInformation relay = packet.relayInformation().orElse(null);
        Ipv4 override = relay == null ? null : relay.serverIdOverride().orElse(null);
        return override == null || override.isUnspecified() ? null : override;
    }

    /** Tells what became of the packet. */
    void end(PacketOutcome outcome, Turn turn) {
        story.end(outcome, turn);
    }

    /** This one, as it took the place of an earlier one that had no answer yet. */
    Inquiry repeating(Inquiry earlier) {
        return new Inquiry(packet, arrival, story, subnet, client, overlay, earlier.asked);
    }
}
