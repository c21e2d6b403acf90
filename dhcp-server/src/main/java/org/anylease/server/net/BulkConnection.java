package org.anylease.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.anylease.server.event.ServerEvent;
import org.anylease.server.leasequery.BulkLeases;
import org.anylease.server.leasequery.BulkQuery;
import org.anylease.server.leasequery.BulkQuery.Parsed;
import org.anylease.server.leasequery.BulkReplies;
import org.anylease.server.leasequery.BulkStatus;
import org.anylease.server.leasequery.LeaseFacts;
import org.anylease.server.wire.Decoded;
import org.anylease.server.wire.EncodeLimits;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.Packet;
import org.anylease.server.wire.PacketCodec;
import org.anylease.store.address.Ipv4;
import org.jspecify.annotations.Nullable;

/**
 * A requester's connection: its queries are answered one after the other, in their order.
 *
 * <p>Leases are read as fast as the requester takes them, a part at a time, so that connections take turns; queries that
 * wait are bounded, and further ones are not read. Opening a view of the store waits for the server's loop, and so
 * happens on a thread of its own. Confined to the listener's loop otherwise.
 */
final class BulkConnection extends SimpleChannelInboundHandler<ByteBuf> {
    /** So many records are looked at before another connection has its turn. */
    private static final int RECORDS_PER_TURN = 256;

    private static final EncodeLimits LIMITS = EncodeLimits.of(PacketCodec.DATAGRAM_BYTES_MAX);

    private final BulkListener.Served served;
    private final Ipv4 requester;
    private final ExecutorService openers;
    private final ArrayDeque<Parsed> waiting = new ArrayDeque<>();
    private final byte[] message = new byte[PacketCodec.DATAGRAM_BYTES_MAX];
    /** What is being answered, or null. */
    private @Nullable BulkQuery current;
    /** Its leases, or null while they are not open. */
    private BulkLeases.@Nullable Reading reading;

    /** Whether its first answer is still to come, which names the server. */
    private boolean unnamed;

    private boolean turnSet;

    BulkConnection(BulkListener.Served served, Ipv4 requester, ExecutorService openers) {
        this.served = served;
        this.requester = requester;
        this.openers = openers;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) {
        byte[] octets = new byte[frame.readableBytes()];
        frame.readBytes(octets);
        if (!(PacketCodec.decode(octets, 0, octets.length) instanceof Decoded.Ok(Packet packet))
                || packet.messageType().orElse(null) != MessageType.BULKLEASEQUERY) {
            // Nothing that follows can be trusted to be a message: RFC 6926 §8.
            served.report().accept(ServerEvent.LEASEQUERY_MALFORMED, "from " + requester + ", over TCP");
            var _ = context.close();
            return;
        }
        waiting.add(BulkQuery.parse(packet));
        if (waiting.size() >= served.limits().queries()) {
            context.channel().config().setAutoRead(false);
        }
        next(context);
    }

    /** Takes up the query that waits longest, unless one is being answered. */
    private void next(ChannelHandlerContext context) {
        while (current == null && !waiting.isEmpty() && context.channel().isActive()) {
            Parsed parsed = waiting.remove();
            unnamed = true;
            switch (parsed) {
                case Parsed.Refused(int xid, BulkStatus status, String why) -> {
                    failed(status + ", " + why);
                    done(context, xid, status, why);
                }
                case Parsed.Understood(BulkQuery query) -> {
                    current = query;
                    open(context, query);
                }
            }
        }
        if (waiting.size() < served.limits().queries()) {
            context.channel().config().setAutoRead(true);
        }
    }

    private void open(ChannelHandlerContext context, BulkQuery query) {
        try {
            openers.execute(() -> {
                try {
                    BulkLeases.Reading opened = served.leases().open(query);
                    onLoop(context, () -> opened(context, opened), opened);
                } catch (IOException | RuntimeException e) {
                    onLoop(context, () -> ended(context, BulkStatus.UNSPEC_FAIL, String.valueOf(e.getMessage())), null);
                }
            });
        } catch (RejectedExecutionException e) {
            var _ = context.close();
        }
    }

    private static void onLoop(
            ChannelHandlerContext context, Runnable task, BulkLeases.@Nullable Reading otherwiseClosed) {
        try {
            context.executor().execute(task);
        } catch (RejectedExecutionException e) {
            // The listener is closing.
            if (otherwiseClosed != null) {
                otherwiseClosed.close();
            }
        }
    }

    private void opened(ChannelHandlerContext context, BulkLeases.Reading opened) {
        if (!context.channel().isActive()) {
            opened.close();
            return;
        }
        reading = opened;
        again(context);
    }

    /** Reads a part, and asks for another turn as long as the requester takes what is sent. */
    private void turn(ChannelHandlerContext context) {
        turnSet = false;
        BulkLeases.Reading from = reading;
        BulkQuery query = current;
        if (from == null || query == null || !context.channel().isWritable()) {
            return;
        }
        boolean more;
        try {
            more = from.advance(RECORDS_PER_TURN, lease -> tell(context, query, lease));
        } catch (UncheckedIOException e) {
            ended(context, BulkStatus.QUERY_TERMINATED, String.valueOf(e.getMessage()));
            return;
        }
        context.flush();
        if (!more) {
            String missing = from.missing();
            ended(context, missing.isEmpty() ? BulkStatus.SUCCESS : BulkStatus.UNSPEC_FAIL, missing);
        } else if (context.channel().isWritable()) {
            again(context);
        }
    }

    private void again(ChannelHandlerContext context) {
        if (!turnSet) {
            turnSet = true;
            context.executor().execute(() -> turn(context));
        }
    }

    private void tell(ChannelHandlerContext context, BulkQuery query, LeaseFacts lease) {
        write(context, BulkReplies.lease(query, lease, served.clock().instant(), name()));
    }

    private void ended(ChannelHandlerContext context, BulkStatus status, String why) {
        BulkQuery query = current;
        closeReading();
        current = null;
        if (query == null || !context.channel().isActive()) {
            return;
        }
        if (status == BulkStatus.SUCCESS) {
            served.report().accept(ServerEvent.LEASEQUERY_BULK, "for " + requester);
        } else {
            failed(status + ", " + why);
        }
        done(context, query.xid(), status, why);
        next(context);
    }

    private void done(ChannelHandlerContext context, int xid, BulkStatus status, String why) {
        write(context, BulkReplies.done(xid, status, why, name()));
        context.flush();
    }

    private void failed(String how) {
        served.report().accept(ServerEvent.LEASEQUERY_BULK_FAILED, "for " + requester + ": " + how);
    }

    private @Nullable Ipv4 name() {
        boolean first = unnamed;
        unnamed = false;
        return first ? served.serverId() : null;
    }

    private void write(ChannelHandlerContext context, Packet packet) {
        int length = PacketCodec.encode(packet, LIMITS, message).length();
        ByteBuf frame = context.alloc().buffer(length + Short.BYTES);
        frame.writeShort(length).writeBytes(message, 0, length);
        var _ = context.write(frame, context.voidPromise());
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable() && reading != null) {
            again(context);
        }
    }

    /** Nothing was asked, or nothing taken, for too long. One whose leases are being looked for is not idle. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        boolean busy = current != null && context.channel().isWritable();
        if (event instanceof IdleStateEvent && !busy) {
            if (current != null) {
                failed("nothing was taken for " + served.limits().timeout().toSeconds() + " s");
            }
            var _ = context.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (current != null) {
            failed("it hung up");
        }
        current = null;
        waiting.clear();
        closeReading();
    }

    private void closeReading() {
        BulkLeases.Reading open = reading;
        reading = null;
        if (open != null) {
            open.close();
        }
    }

    /** A connection that breaks, or sends a message that is too long, is closed; so is one that this program trips over. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        failed(String.valueOf(cause.getMessage()));
        current = null;
        var _ = context.close();
    }
}
