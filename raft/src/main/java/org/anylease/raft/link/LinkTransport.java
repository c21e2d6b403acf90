package org.anylease.raft.link;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/**
 * The kind of channels that go with the loop: a loop of epoll takes no channels of NIO, and the other way round.
 *
 * @param server makes listening channels
 * @param client makes connecting channels
 */
public record LinkTransport(
        ChannelFactory<? extends ServerChannel> server, ChannelFactory<? extends SocketChannel> client) {
    /** For a loop of NIO. */
    public static final LinkTransport NIO = new LinkTransport(NioServerSocketChannel::new, NioSocketChannel::new);

    ServerBootstrap serverBootstrap() {
        return new ServerBootstrap().channelFactory(server);
    }

    Bootstrap clientBootstrap() {
        return new Bootstrap().channelFactory(client);
    }
}
