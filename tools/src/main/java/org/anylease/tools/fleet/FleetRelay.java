package org.anylease.tools.fleet;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.dhcp4java.DHCPBadPacketException;
import org.dhcp4java.DHCPPacket;
import org.jspecify.annotations.Nullable;

/**
 * A relay agent: one socket on an unprivileged port (RFC 8357), whose clients' exchanges it tells apart by xid.
 *
 * <p>Any number of threads may exchange packets at once.
 */
public final class FleetRelay implements AutoCloseable {
    private static final int DATAGRAM_MAX = 1500;
    private static final int REPLIES_MAX = 16;

    private final DatagramSocket socket;
    private final InetAddress link;
    private final ConcurrentHashMap<Integer, BlockingQueue<DHCPPacket>> waiting = new ConcurrentHashMap<>();
    private final Thread receiver;
    private volatile @Nullable RuntimeException failure;

    /**
     * Opens the relay's socket on a port that the system chooses.
     *
     * @param giaddr the relay's own address, from which it sends
     * @param link the subnet that its clients are on (RFC 3527)
     * @throws SocketException when the address is not this machine's
     */
    public FleetRelay(InetAddress giaddr, InetAddress link) throws SocketException {
        this(giaddr, 0, link);
    }

    /**
     * Opens the relay's socket.
     *
     * @param giaddr the relay's own address, from which it sends
     * @param port from which it sends: 67 for servers that do not know RFC 8357; 0 for one that the system chooses
     * @param link the subnet that its clients are on (RFC 3527)
     * @throws SocketException when the address is not this machine's, or the port is taken or not allowed
     */
    public FleetRelay(InetAddress giaddr, int port, InetAddress link) throws SocketException {
        this.socket = new DatagramSocket(new InetSocketAddress(giaddr, port));
        this.socket.setReceiveBufferSize(1 << 20);
        this.link = link;
        this.receiver = Thread.ofPlatform().name("fleet-relay").daemon().start(this::receive);
    }

    InetAddress giaddr() {
        return socket.getLocalAddress();
    }

    InetAddress link() {
        return link;
    }

    /** Opens an exchange: replies with this xid are kept until it is closed. */
    Exchange exchange(int xid) {
        BlockingQueue<DHCPPacket> replies = new LinkedBlockingQueue<>(REPLIES_MAX);
        waiting.put(xid, replies);
        return new Exchange(xid, replies);
    }

    private void receive() {
        byte[] buffer = new byte[DATAGRAM_MAX];
        DatagramPacket datagram = new DatagramPacket(buffer, buffer.length);
        while (!socket.isClosed()) {
            try {
                datagram.setLength(buffer.length);
                socket.receive(datagram);
                DHCPPacket packet = DHCPPacket.getPacket(
                        Arrays.copyOf(buffer, datagram.getLength()), 0, datagram.getLength(), true);
                BlockingQueue<DHCPPacket> replies = waiting.get(packet.getXid());
                if (replies != null && !replies.offer(packet)) {
                    failure = new IllegalStateException("more than " + REPLIES_MAX + " replies to one request");
                }
            } catch (DHCPBadPacketException e) {
                failure = new IllegalStateException("the server sent a packet that dhcp4java cannot read", e);
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    failure = new IllegalStateException("the relay's socket failed", e);
                    return;
                }
            }
        }
    }

    @Override
    public void close() {
        socket.close();
        try {
            receiver.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One exchange of a client, told apart by its xid. */
    final class Exchange implements AutoCloseable {
        private final int xid;
        private final BlockingQueue<DHCPPacket> replies;

        private Exchange(int xid, BlockingQueue<DHCPPacket> replies) {
            this.xid = xid;
            this.replies = replies;
        }

        void send(DHCPPacket packet, Site site) throws IOException {
            byte[] bytes = packet.serialize();
            socket.send(new DatagramPacket(bytes, bytes.length, site.address()));
        }

        /**
         * Waits for a reply.
         *
         * @throws IllegalStateException when the relay has received what no server may send
         */
        Optional<DHCPPacket> await(Duration time) throws InterruptedException {
            RuntimeException failed = failure;
            if (failed != null) {
                throw new IllegalStateException("the relay has failed: " + failed.getMessage(), failed);
            }
            return Optional.ofNullable(replies.poll(time.toNanos(), TimeUnit.NANOSECONDS));
        }

        @Override
        public void close() {
            waiting.remove(xid);
        }
    }
}
