package org.anylease.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.List;
import org.anylease.server.port.Arrival;
import org.anylease.server.port.DatagramReceiver;
import org.anylease.server.port.Endpoint;
import org.anylease.store.address.Ipv4;
import org.jspecify.annotations.Nullable;

/** Hands the datagrams of one socket to the receiver. */
final class Arrivals extends ChannelInboundHandlerAdapter {
    private final int number;
    private final UdpSocket socket;
    private final List<Ipv4> broadcasts;
    private final DatagramReceiver receiver;
    private final UdpNetwork network;
    private final Ipv4 localAddress;
    private final String interfaceName;

    Arrivals(int number, UdpSocket socket, List<Ipv4> broadcasts, DatagramReceiver receiver, UdpNetwork network) {
        this.number = number;
        this.socket = socket;
        this.broadcasts = List.copyOf(broadcasts);
        this.receiver = receiver;
        this.network = network;
        switch (socket.endpoint()) {
            case Endpoint.Service service -> {
                localAddress = service.address();
                interfaceName = "";
            }
            case Endpoint.Own own -> {
                localAddress = own.address();
                interfaceName = "";
            }
            case Endpoint.Link link -> {
                localAddress = Ipv4.UNSPECIFIED;
                interfaceName = link.interfaceName();
            }
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        DatagramPacket packet = (DatagramPacket) message;
        try {
            ByteBuf content = packet.content();
            if (content.readableBytes() >= UdpBinding.DATAGRAM_BYTES) {
                socket.count().truncated.increment();
                return;
            }
            socket.count().received.increment();
            network.burstBegan();
            InetSocketAddress sender = packet.sender();
            Arrival arrival = new Arrival(
                    number,
                    localAddress,
                    interfaceName,
                    ipv4(sender),
                    sender.getPort(),
                    isBroadcast(packet.recipient()));
            receiver.received(arrival, content.nioBuffer());
        } finally {
            packet.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        network.burstEnded();
    }

    /** A failure of the receiver costs one datagram; whether it costs more is for the loop's owner to say. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        network.loop().failed(cause);
    }

    private boolean isBroadcast(@Nullable InetSocketAddress recipient) {
        return !interfaceName.isEmpty() && recipient != null && broadcasts.contains(ipv4(recipient));
    }

    private static Ipv4 ipv4(InetSocketAddress address) {
        if (!(address.getAddress() instanceof Inet4Address ipv4)) {
            throw new IllegalStateException("invariant Ipv4Sockets broken: packet of " + address);
        }
        byte[] octets = ipv4.getAddress();
        return new Ipv4((octets[0] & 255) << 24 | (octets[1] & 255) << 16 | (octets[2] & 255) << 8 | (octets[3] & 255));
    }
}
