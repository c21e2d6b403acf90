package org.anylease.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.anylease.server.port.Destination;
import org.anylease.server.port.Endpoint;
import org.anylease.server.port.Reply;
import org.anylease.store.address.Ipv4;

/**
 * Measures echo of 300-byte datagrams through {@link UdpNetwork} on loopback: how many a second, and what each costs the
 * loop's thread. The client keeps 512 under way, on another core. A main program, not a test. With a number as argument
 * it measures Netty alone for comparison, with receive buffers of that size.
 */
final class UdpEchoMeasurement {
    private static final int UNDER_WAY = 512;
    private static final int BYTES = 300;
    private static final int ROUNDS = 6;
    private static final long ROUND_NANOS = 2_000_000_000L;
    private static final Ipv4 ADDRESS = Ipv4.parse("127.99.0.1");
    private static final int PORT = 6767;

    private UdpEchoMeasurement() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0) {
            measureBare(Integer.parseInt(arguments[0]));
            return;
        }
        try (EventLoop loop = EventLoop.start("server", Throwable::printStackTrace);
                UdpNetwork network =
                        UdpNetwork.open(loop, InterfaceTable.read(), List.of(new Endpoint.Service(ADDRESS, PORT)))) {
            network.start((arrival, datagram) -> network.send(
                    new Reply(arrival.endpoint(), new Destination.UdpTo(arrival.source(), arrival.sourcePort())),
                    datagram));
            CompletableFuture<Long> loopThread = new CompletableFuture<>();
            loop.execute(() -> loopThread.complete(Thread.currentThread().threadId()));
            var client = startClient();
            measure(loopThread.get());
            System.out.println(network.counters());
            client.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS)
                    .sync();
        }
    }

    private static void measure(long loopThread) throws Exception {
        var threads = ManagementFactory.getThreadMXBean();
        for (int round = 0; round < ROUNDS; round++) {
            long packets = ECHOED.get();
            long cpu = threads.getThreadCpuTime(loopThread);
            long user = threads.getThreadUserTime(loopThread);
            long began = System.nanoTime();
            Thread.sleep(ROUND_NANOS / 1_000_000);
            double seconds = (System.nanoTime() - began) / 1e9;
            packets = ECHOED.get() - packets;
            cpu = threads.getThreadCpuTime(loopThread) - cpu;
            user = threads.getThreadUserTime(loopThread) - user;
            System.out.printf(
                    "%,.0f packets/s, loop thread %.2f us CPU each, %.2f of it not kernel%n",
                    packets / seconds, cpu / 1e3 / packets, user / 1e3 / packets);
        }
    }

    private static void measureBare(int bufferBytes) throws Exception {
        var group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        var channel = new EpollDatagramChannel(SocketProtocolFamily.INET);
        channel.config().setMaxDatagramPayloadSize(bufferBytes);
        channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(bufferBytes * 32));
        channel.pipeline().addLast(new SimpleChannelInboundHandler<DatagramPacket>() {
            @Override
            protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
                var _ = context.write(new DatagramPacket(packet.content().retain(), packet.sender()));
            }

            @Override
            public void channelReadComplete(ChannelHandlerContext context) {
                context.flush();
            }
        });
        ((EventLoopGroup) group).register(channel).sync();
        channel.bind(new InetSocketAddress(ADDRESS.toString(), PORT)).sync();
        CompletableFuture<Long> loopThread = new CompletableFuture<>();
        group.next().execute(() -> loopThread.complete(Thread.currentThread().threadId()));
        var client = startClient();
        measure(loopThread.get());
        client.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).sync();
        group.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).sync();
    }

    private static final AtomicLong ECHOED = new AtomicLong();

    private static MultiThreadIoEventLoopGroup startClient() throws Exception {
        var group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        var channel = new EpollDatagramChannel(SocketProtocolFamily.INET);
        channel.config().setMaxDatagramPayloadSize(2048);
        channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(2048 * 32));
        Libc.enlargeBuffer(channel.fd().intValue(), Libc.SO_RCVBUFFORCE, Libc.SO_RCVBUF, 4 << 20);
        var server = new InetSocketAddress(ADDRESS.toString(), PORT);
        channel.pipeline().addLast(new SimpleChannelInboundHandler<DatagramPacket>() {
            @Override
            protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
                ECHOED.lazySet(ECHOED.get() + 1);
                var _ = context.write(new DatagramPacket(packet.content().retain(), server));
            }

            @Override
            public void channelReadComplete(ChannelHandlerContext context) {
                context.flush();
            }
        });
        ((EventLoopGroup) group).register(channel).sync();
        channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).sync();
        for (int i = 0; i < UNDER_WAY; i++) {
            ByteBuf content = channel.alloc().directBuffer(BYTES).writeZero(BYTES);
            var _ = channel.write(new DatagramPacket(content, server));
        }
        channel.flush();
        return group;
    }
}
