package org.anylease.server.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.timeout.IdleStateHandler;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.anylease.server.event.ServerEvent;
import org.anylease.server.leasequery.BulkLeases;
import org.anylease.server.leasequery.BulkLimits;
import org.anylease.server.leasequery.Requesters;
import org.anylease.server.wire.PacketCodec;
import org.anylease.store.address.Ipv4;

/**
 * Hears bulk lease queries over TCP (RFC 6926), on a loop of its own: packets do not wait for it.
 *
 * <p>A connection from where nobody may ask, and one too many, is closed at once. Each further one is a {@link
 * BulkConnection}.
 */
public final class BulkListener implements AutoCloseable {
    private static final int LENGTH_BYTES = 2;
    private static final int UNSENT_LOW_BYTES = 32 << 10;
    private static final int UNSENT_HIGH_BYTES = 128 << 10;

    private final EventLoop loop;
    private final ExecutorService openers = Executors.newVirtualThreadPerTaskExecutor();
    private final Served served;
    private final List<Channel> listening;
    /** How many connections there are; touched on the loop only. */
    private int connections;

    /**
     * What connections are served with.
     *
     * @param requesters who may ask
     * @param limits what they may take
     * @param serverId what this server calls itself in option 54
     * @param leases where the leases are read
     * @param clock this server's clock
     * @param report hears what happened, and where, on this listener's loop
     */
    public record Served(
            Requesters requesters,
            BulkLimits limits,
            Ipv4 serverId,
            BulkLeases leases,
            InstantSource clock,
            BiConsumer<ServerEvent, String> report) {}

    private BulkListener(EventLoop loop, Served served, List<Channel> listening) {
        this.loop = loop;
        this.served = served;
        this.listening = listening;
    }

    /**
     * Listens.
     *
     * @param addresses where
     * @param port the TCP port; 0 for any, in tests
     * @param served what connections are served with
     * @param onFailure hears of a defect that a connection tripped over
     * @return to be closed
     * @throws IOException naming the address that cannot be listened on, and what to do
     */
    public static BulkListener open(List<Ipv4> addresses, int port, Served served, Consumer<Throwable> onFailure)
            throws IOException {
        List<Channel> listening = new ArrayList<>();
        BulkListener listener = new BulkListener(EventLoop.start("anylease-leasequery", onFailure), served, listening);
        for (Ipv4 address : addresses) {
            ChannelFuture bound = listener.bootstrap()
                    .bind(new InetSocketAddress(InetAddress.getByName(address.toString()), port))
                    .awaitUninterruptibly();
            if (!bound.isSuccess()) {
                listener.close();
                throw new IOException(
                        "cannot listen for bulk lease queries on " + address + ":" + port + " (TCP): "
                                + bound.cause().getMessage() + "; 'ss -ltnp sport = :" + port
                                + "' names who does; set 'leasequery.port' to another one, or 'leasequery.connections'"
                                + " to 0 to do without",
                        bound.cause());
            }
            listening.add(bound.channel());
        }
        return listener;
    }

    private ServerBootstrap bootstrap() {
        return new ServerBootstrap()
                .group(loop.netty())
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(UNSENT_LOW_BYTES, UNSENT_HIGH_BYTES))
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accepted(channel);
                    }
                });
    }

    private void accepted(SocketChannel channel) {
        InetSocketAddress remote = channel.remoteAddress();
        Ipv4 from = remote != null && remote.getAddress() instanceof Inet4Address address
                ? Ipv4.parse(address.getHostAddress())
                : Ipv4.UNSPECIFIED;
        if (!served.requesters.allows(from)) {
            served.report.accept(ServerEvent.LEASEQUERY_REFUSED, "from " + from + ", over TCP");
            var _ = channel.close();
            return;
        }
        if (connections >= served.limits.connections()) {
            served.report.accept(
                    ServerEvent.LEASEQUERY_BULK_FAILED,
                    from + " is one more than the " + connections
                            + " connections that 'leasequery.connections' allows");
            var _ = channel.close();
            return;
        }
        connections++;
        channel.closeFuture().addListener(_ -> connections--);
        long timeoutMillis = served.limits.timeout().toMillis();
        channel.pipeline()
                .addLast(new IdleStateHandler(true, 0, 0, timeoutMillis, TimeUnit.MILLISECONDS))
                .addLast(new LengthFieldBasedFrameDecoder(
                        PacketCodec.DATAGRAM_BYTES_MAX + LENGTH_BYTES, 0, LENGTH_BYTES, 0, LENGTH_BYTES))
                .addLast(new FlowControlHandler())
                .addLast(new BulkConnection(served, from, openers));
    }

    /**
     * Where it listens.
     *
     * @return the port of its first address
     */
    public int port() {
        return ((InetSocketAddress) listening.getFirst().localAddress()).getPort();
    }

    @Override
    public void close() {
        openers.shutdownNow();
        loop.close();
    }
}
