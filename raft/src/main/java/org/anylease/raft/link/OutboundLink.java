package org.anylease.raft.link;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.anylease.raft.event.RaftEvent;
import org.anylease.raft.membership.Peer;
import org.anylease.store.cell.Incarnation;
import org.jspecify.annotations.Nullable;

/** The connection that this server keeps to one peer, and the questions under way on it. Confined to the loop. */
final class OutboundLink {
    private static final int CALLS_MAX = 4096;
    private static final int CONNECT_TIMEOUT_MILLIS = 1000;
    private static final long BACKOFF_MIN_MILLIS = 50;
    private static final long BACKOFF_MAX_MILLIS = 500;
    private static final long PING_MILLIS = 500;
    private static final long SILENCE_MILLIS = 2000;
    private static final int UNSENT_BYTES_MAX = 8 << 20;

    private record Pending(CompletableFuture<byte[]> answer, long deadlineNanos) {}

    private final PeerLinks links;
    private final Peer peer;
    private final Map<Long, Pending> calls = new HashMap<>();
    private long nextId = 1;
    private long backoffMillis = BACKOFF_MIN_MILLIS;
    private @Nullable Channel channel;
    private @Nullable Incarnation incarnation;
    private String downBecause = "not connected yet";
    private boolean closed;
    /** Counts the dialings that were planned; only the latest is carried out. */
    private int dialings;

    private boolean waiting;

    OutboundLink(PeerLinks links, Peer peer) {
        this.links = links;
        this.peer = peer;
    }

    boolean isUp() {
        return incarnation != null;
    }

    boolean leadsTo(Peer other) {
        return peer.equals(other);
    }

    void dial() {
        if (closed) {
            return;
        }
        links.transport()
                .clientBootstrap()
                .group(links.loop().netty())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel made) {
                        channel = made;
                        LinkTls tls = links.tls();
                        if (tls != null) {
                            made.pipeline()
                                    .addLast(tls.dialing(
                                            made.alloc(),
                                            peer.link().host(),
                                            peer.link().port()));
                        }
                        made.pipeline()
                                .addLast(new IdleStateHandler(SILENCE_MILLIS, PING_MILLIS, 0, TimeUnit.MILLISECONDS));
                        LinkFrameCodec.addTo(made.pipeline());
                        made.pipeline().addLast(new Conversation());
                    }
                })
                .connect(peer.link().address())
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        down(PeerLinks.messageOf(connected.cause()));
                    }
                });
    }

    CompletionStage<byte[]> call(String method, byte[] body, Duration timeout) {
        if (channel == null || incarnation == null) {
            return failed("server " + peer.server() + " cannot be reached: " + downBecause);
        }
        if (calls.size() >= CALLS_MAX
                || channel.unsafe().outboundBuffer() == null
                || channel.unsafe().outboundBuffer().totalPendingWriteBytes() > UNSENT_BYTES_MAX) {
            return failed("too many questions to server " + peer.server() + " are under way");
        }
        if (body.length > LinkFrame.LENGTH_MAX / 2) {
            return failed("the question has " + body.length + " octets, too many");
        }
        long id = nextId++;
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        calls.put(id, new Pending(answer, System.nanoTime() + timeout.toNanos()));
        channel.writeAndFlush(new LinkFrame.Call(id, method, body)).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        return answer;
    }

    private static CompletableFuture<byte[]> failed(String reason) {
        return CompletableFuture.failedFuture(new LinkException(reason));
    }

    /** Fails the questions that have waited too long. */
    void expire(long nowNanos) {
        List<Long> expired = new ArrayList<>();
        calls.forEach((id, pending) -> {
            if (pending.deadlineNanos() - nowNanos <= 0) {
                expired.add(id);
            }
        });
        for (long id : expired) {
            fail(id, "server " + peer.server() + " did not answer in time");
        }
    }

    private void fail(long id, String reason) {
        Pending pending = calls.remove(id);
        if (pending != null) {
            pending.answer().completeExceptionally(new LinkException(reason));
        }
    }

    private void down(String reason) {
        boolean wasUp = incarnation != null;
        channel = null;
        incarnation = null;
        if (wasUp || !reason.equals(downBecause)) {
            downBecause = reason;
            links.tell(new RaftEvent.LinkDown(peer.server(), reason));
        }
        for (long id : List.copyOf(calls.keySet())) {
            fail(id, "the connection to server " + peer.server() + " broke: " + reason);
        }
        if (!closed) {
            dialIn(backoffMillis);
            backoffMillis = Math.min(BACKOFF_MAX_MILLIS, 2 * backoffMillis);
        }
        if (wasUp) {
            links.changed(peer.server());
        }
    }

    private void dialIn(long millis) {
        int dialing = ++dialings;
        waiting = true;
        links.loop().after(Duration.ofMillis(millis), () -> {
            if (dialing == dialings) {
                waiting = false;
                dial();
            }
        });
    }

    /** The peer has dialled this server, so it is worth dialling it now. */
    void peerIsThere() {
        backoffMillis = BACKOFF_MIN_MILLIS;
        if (waiting) {
            dialIn(0);
        }
    }

    void close() {
        closed = true;
        if (channel != null) {
            var _ = channel.close();
        }
    }

    private final class Conversation extends SimpleChannelInboundHandler<LinkFrame> {
        private String endedBecause = "closed by the other side";

        @Override
        public void channelActive(ChannelHandlerContext context) {
            if (closed) {
                var _ = context.close();
                return;
            }
            context.writeAndFlush(links.hello(peer.server())).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, LinkFrame frame) {
            switch (frame) {
                case LinkFrame.Welcome(Incarnation from) -> welcome(from);
                case LinkFrame.Refused(String reason) -> {
                    endedBecause = reason;
                    backoffMillis = BACKOFF_MAX_MILLIS;
                    if (!reason.equals(downBecause)) {
                        links.tell(new RaftEvent.LinkRefused(peer.server() + " at " + peer.link(), reason));
                    }
                    var _ = context.close();
                }
                case LinkFrame.Answer(long id, byte[] body) -> {
                    Pending pending = calls.remove(id);
                    if (pending != null) {
                        pending.answer().complete(body);
                    }
                }
                case LinkFrame.Failed(long id, String reason) -> fail(id, reason);
                case LinkFrame.Pong() -> {}
                case LinkFrame.Hello _, LinkFrame.Call _, LinkFrame.Ping _ -> {
                    var _ = context.close();
                }
            }
        }

        private void welcome(Incarnation from) {
            incarnation = from;
            backoffMillis = BACKOFF_MIN_MILLIS;
            links.tell(new RaftEvent.LinkUp(peer.server()));
            links.changed(peer.server());
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
            if (event instanceof IdleStateEvent idle) {
                if (idle.state() == IdleState.READER_IDLE) {
                    endedBecause = "silent for " + SILENCE_MILLIS + " ms";
                    var _ = context.close();
                } else {
                    context.writeAndFlush(new LinkFrame.Ping()).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
                }
            } else {
                super.userEventTriggered(context, event);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            down(endedBecause);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            endedBecause = PeerLinks.messageOf(cause);
            var _ = context.close();
        }
    }
}
