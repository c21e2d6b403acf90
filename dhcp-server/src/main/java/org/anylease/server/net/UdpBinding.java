package org.anylease.server.net;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.Errors;
import java.util.ArrayList;
import java.util.List;
import org.anylease.server.port.Endpoint;
import org.anylease.store.address.Ipv4;

/**
 * Opens and binds the sockets of the endpoints, all or none.
 *
 * <p>Sockets of addresses and of interfaces share the port, which Linux allows only where every one has SO_REUSEADDR;
 * but with it, a second DHCP server that has it too would bind the same port unnoticed, and each would get some of the
 * packets. So each address is bound without it, which fails if anybody holds the port, and gets it afterwards; each
 * interface is tried without it first, before the addresses are bound.
 */
final class UdpBinding {
    /**
     * Space per datagram. DHCP messages are at most 576 bytes unless both sides agree on more (RFC 2132 §9.10), and
     * rarely above 1500; the rest is for options grown by relays and for jumbo frames. The kernel writes only what
     * arrived, so generous space costs address space, not time.
     */
    static final int DATAGRAM_BYTES = 4096;

    /** Datagrams taken from the kernel in one call. */
    private static final int BATCH = 32;

    /** Room in the kernel for a burst: every client of a site that a route change sends here at once. */
    private static final int BUFFER_BYTES = 4 << 20;

    private static final int IP_RECVORIGDSTADDR = 20;

    private final EventLoop loop;

    UdpBinding(EventLoop loop) {
        this.loop = loop;
    }

    /** Opens the sockets in the order of their endpoints; nothing is read yet. Blocks; not on the loop. */
    List<UdpSocket> open(List<Endpoint> endpoints) throws BindFailure {
        for (Endpoint endpoint : endpoints) {
            if (endpoint instanceof Endpoint.Link link) {
                bind(link, false).channel().close().syncUninterruptibly();
            }
        }
        UdpSocket[] sockets = new UdpSocket[endpoints.size()];
        List<UdpSocket> opened = new ArrayList<>();
        try {
            for (boolean links : new boolean[] {false, true}) {
                for (int i = 0; i < sockets.length; i++) {
                    if (endpoints.get(i) instanceof Endpoint.Link == links) {
                        sockets[i] = bind(endpoints.get(i), links);
                        opened.add(sockets[i]);
                    }
                }
            }
            return List.of(sockets);
        } catch (BindFailure failure) {
            opened.forEach(socket -> close(socket.channel()));
            throw failure;
        }
    }

    private UdpSocket bind(Endpoint endpoint, boolean reuseAddress) throws BindFailure {
        EpollDatagramChannel channel = new EpollDatagramChannel(SocketProtocolFamily.INET);
        boolean bound = false;
        try {
            configure(channel);
            int fd = channel.fd().intValue();
            Ipv4 address = Ipv4.UNSPECIFIED;
            switch (endpoint) {
                case Endpoint.Service service -> address = service.address();
                case Endpoint.Own own -> address = own.address();
                case Endpoint.Link link -> attach(link, fd);
            }
            set(endpoint, fd, Libc.SOL_SOCKET, Libc.SO_REUSEADDR, reuseAddress ? 1 : 0);
            // As an EventLoopGroup, since IoEventLoopGroup deprecates what Netty's own Bootstrap still calls.
            EventLoopGroup group = loop.netty();
            group.register(channel).syncUninterruptibly();
            var binding = channel.bind(UdpSocket.socketAddress(address, endpoint.port()))
                    .awaitUninterruptibly();
            if (!binding.isSuccess()) {
                throw failure(endpoint, binding.cause());
            }
            set(endpoint, fd, Libc.SOL_SOCKET, Libc.SO_REUSEADDR, 1);
            bound = true;
            return new UdpSocket(endpoint, channel);
        } finally {
            if (!bound) {
                close(channel);
            }
        }
    }

    private static void configure(EpollDatagramChannel channel) {
        channel.config().setAutoRead(false);
        channel.config().setMaxDatagramPayloadSize(DATAGRAM_BYTES);
        channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(DATAGRAM_BYTES * BATCH));
        Libc.enlargeBuffer(channel.fd().intValue(), Libc.SO_RCVBUFFORCE, Libc.SO_RCVBUF, BUFFER_BYTES);
        Libc.enlargeBuffer(channel.fd().intValue(), Libc.SO_SNDBUFFORCE, Libc.SO_SNDBUF, BUFFER_BYTES);
    }

    private static void attach(Endpoint.Link link, int fd) throws BindFailure {
        int result = Libc.setOption(fd, Libc.SOL_SOCKET, Libc.SO_BINDTODEVICE, link.interfaceName());
        if (result < 0) {
            throw BindFailure.of(link, -result);
        }
        set(link, fd, Libc.SOL_SOCKET, Libc.SO_BROADCAST, 1);
        set(link, fd, Libc.SOL_IP, IP_RECVORIGDSTADDR, 1);
    }

    private static void set(Endpoint endpoint, int fd, int level, int option, int value) throws BindFailure {
        int result = Libc.setOption(fd, level, option, value);
        if (result < 0) {
            throw BindFailure.of(endpoint, -result);
        }
    }

    private static BindFailure failure(Endpoint endpoint, Throwable cause) {
        int errno = cause instanceof Errors.NativeIoException failure ? Math.abs(failure.expectedErr()) : 0;
        BindFailure result = BindFailure.of(endpoint, errno);
        result.initCause(cause);
        return result;
    }

    // A channel that never met its loop cannot be closed through its pipeline.
    private static void close(EpollDatagramChannel channel) {
        if (channel.isRegistered()) {
            channel.close().awaitUninterruptibly();
        } else {
            channel.unsafe().closeForcibly();
        }
    }
}
