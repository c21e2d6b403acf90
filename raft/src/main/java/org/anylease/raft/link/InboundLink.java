package org.anylease.raft.link;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.timeout.IdleStateEvent;
import org.anylease.raft.event.RaftEvent;
import org.jspecify.annotations.Nullable;

/** A connection that a peer made: it asks, this server answers. */
final class InboundLink extends SimpleChannelInboundHandler<LinkFrame> {
    private final PeerLinks links;
    private LinkFrame.@Nullable Hello peer;

    InboundLink(PeerLinks links) {
        this.links = links;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, LinkFrame frame) {
        switch (frame) {
            case LinkFrame.Hello hello -> greet(context, hello);
            case LinkFrame.Call call -> answer(context, call);
            case LinkFrame.Ping() -> send(context, new LinkFrame.Pong());
            case LinkFrame.Welcome _, LinkFrame.Refused _, LinkFrame.Answer _, LinkFrame.Failed _, LinkFrame.Pong _ -> {
                var _ = context.close();
            }
        }
    }

    private static void send(ChannelHandlerContext context, LinkFrame frame) {
        context.writeAndFlush(frame).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    private void greet(ChannelHandlerContext context, LinkFrame.Hello hello) {
        String objection = links.objectionTo(hello);
        if (objection != null) {
            links.tell(new RaftEvent.LinkRefused(
                    hello.from().server() + " at " + context.channel().remoteAddress(), objection));
            context.writeAndFlush(new LinkFrame.Refused(objection)).addListener(ChannelFutureListener.CLOSE);
            return;
        }
        peer = hello;
        send(context, new LinkFrame.Welcome(links.self()));
        links.peerIsThere(hello.from().server());
    }

    private void answer(ChannelHandlerContext context, LinkFrame.Call call) {
        if (peer == null) {
            var _ = context.close();
            return;
        }
        var _ = links.ask(peer.from().server(), call.method(), call.body()).whenComplete((body, failure) -> {
            LinkFrame answer;
            if (failure != null) {
                answer = new LinkFrame.Failed(call.id(), PeerLinks.messageOf(failure));
            } else if (body.length > LinkFrame.LENGTH_MAX / 2) {
                answer = new LinkFrame.Failed(call.id(), "the answer has " + body.length + " octets, too many");
            } else {
                answer = new LinkFrame.Answer(call.id(), body);
            }
            send(context, answer);
        });
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event instanceof IdleStateEvent) {
            var _ = context.close();
        } else {
            super.userEventTriggered(context, event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (peer == null) {
            links.tell(new RaftEvent.LinkRefused(
                    String.valueOf(context.channel().remoteAddress()), PeerLinks.messageOf(cause)));
        }
        var _ = context.close();
    }
}
