package org.anylease.server.leasequery;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.anylease.server.wire.BootpOp;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Options;
import org.anylease.server.wire.OptionsBuilder;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;

/** Builds the answers to bulk lease queries (RFC 6926 §8). */
public final class BulkReplies {
    private static final int TEXT_BYTES_MAX = 200;

    private BulkReplies() {}

    /**
     * Tells one lease: DHCPLEASEACTIVE, or DHCPLEASEUNASSIGNED with the state that it is in.
     *
     * @param query what it answers
     * @param lease the lease
     * @param now this server's clock
     * @param serverId this server's identifier in the first answer to a query, null in all others
     * @return the message
     */
    public static Packet lease(BulkQuery query, LeaseFacts lease, Instant now, @Nullable Ipv4 serverId) {
        boolean active = lease.state() == LeaseState.ACTIVE;
        OptionsBuilder options = head(active ? MessageType.LEASEACTIVE : MessageType.LEASEUNASSIGNED, serverId);
        options.u32(OptionCode.BASE_TIME, Wanted.seconds(Instant.EPOCH, now));
        options.u8(OptionCode.DHCP_STATE, lease.state().code());
        query.wanted().fill(lease, now, options);
        query.wanted().relayInformation(lease, options);
        LeaseClient client = lease.client();
        var reply = Packet.builder()
                .op(BootpOp.REPLY)
                .xid(query.xid())
                .ciaddr(lease.address())
                .options(options.build());
        if (client != null) {
            reply.hardware(Wanted.hardware(client));
        }
        return reply.build();
    }

    /**
     * Says that a query is answered, or why not.
     *
     * @param xid the query's transaction
     * @param status how it went
     * @param why in words; empty when there is nothing to say
     * @param serverId this server's identifier, or null when an answer went before
     * @return DHCPLEASEQUERYDONE, without a status when all went well and there is nothing to say
     */
    public static Packet done(int xid, BulkStatus status, String why, @Nullable Ipv4 serverId) {
        OptionsBuilder options = head(MessageType.LEASEQUERYDONE, serverId);
        if (status != BulkStatus.SUCCESS || !why.isEmpty()) {
            byte[] text = why.getBytes(StandardCharsets.UTF_8);
            byte[] value = new byte[1 + Math.min(text.length, TEXT_BYTES_MAX)];
            value[0] = (byte) status.code();
            System.arraycopy(text, 0, value, 1, value.length - 1);
            options.bytes(OptionCode.STATUS_CODE, value);
        }
        return Packet.builder()
                .op(BootpOp.REPLY)
                .xid(xid)
                .options(options.build())
                .build();
    }

    private static OptionsBuilder head(MessageType type, @Nullable Ipv4 serverId) {
        OptionsBuilder options = Options.builder().messageType(type);
        return serverId == null ? options : options.ipv4(OptionCode.SERVER_ID, serverId);
    }
}
