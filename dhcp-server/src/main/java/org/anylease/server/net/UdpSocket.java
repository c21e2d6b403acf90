package org.anylease.server.net;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.anylease.server.port.Endpoint;
import org.anylease.store.address.Ipv4;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One endpoint's bound socket, as a Netty channel, with its counts. Everything but the counts belongs to the loop. */
final class UdpSocket implements SendBatch.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(UdpSocket.class);
    /** Taken and given back on the loop, thousands a second and all alike: what thread-local pools are made for. */
    private static final ByteBufAllocator BUFFERS = PooledByteBufAllocator.DEFAULT;

    private static final int MEMINFO_INTS = 9;
    private static final int MEMINFO_DROPS = 8;

    private final Endpoint endpoint;
    private final EpollDatagramChannel channel;
    private final TrafficCount count = new TrafficCount();
    private final ChannelFutureListener onWritten = this::written;
    private final SendBatch batch = new SendBatch();
    private int queued;
    private int lastAddress;
    private @Nullable InetSocketAddress lastRecipient;
    private boolean unflushed;
    private boolean saidOther;

    UdpSocket(Endpoint endpoint, EpollDatagramChannel channel) {
        this.endpoint = endpoint;
        this.channel = channel;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    EpollDatagramChannel channel() {
        return channel;
    }

    TrafficCount count() {
        return count;
    }

    /** Keeps a copy of a datagram until the next {@link #flush()}, behind those that the kernel had no room for. */
    void write(Ipv4 address, int port, ByteBuffer datagram) {
        if (queued > 0 || datagram.remaining() > SendBatch.DATAGRAM_BYTES_MAX) {
            sendBatch();
            queue(address, port, datagram);
            return;
        }
        batch.add(address, port, datagram);
        if (batch.isFull()) {
            sendBatch();
        }
    }

    private void sendBatch() {
        if (batch.isEmpty()) {
            return;
        }
        if (channel.isOpen()) {
            batch.send(channel.fd().intValue(), this);
        } else {
            // Its descriptor may be another socket's by now.
            for (int i = 0; i < batch.size(); i++) {
                count.failed(SendFailure.CLOSED);
            }
            batch.clear();
        }
    }

    private void queue(Ipv4 address, int port, ByteBuffer datagram) {
        if (queued >= UdpNetwork.QUEUED_MAX) {
            count.failed(SendFailure.QUEUE_FULL);
            return;
        }
        queued++;
        unflushed = true;
        ByteBuf copy = BUFFERS.directBuffer(datagram.remaining());
        copy.writeBytes(datagram.duplicate());
        channel.write(new DatagramPacket(copy, recipient(address, port))).addListener(onWritten);
    }

    @Override
    public void sent(int datagrams) {
        count.sent.add(datagrams);
    }

    @Override
    public void failed(int errno) {
        count.failed(SendFailure.of(errno));
    }

    @Override
    public void postponed(Ipv4 address, int port, ByteBuffer datagram) {
        queue(address, port, datagram);
    }

    /** Relays come again and again: the one that was answered last is remembered. */
    private InetSocketAddress recipient(Ipv4 address, int port) {
        if (lastRecipient == null || lastAddress != address.bits() || lastRecipient.getPort() != port) {
            lastAddress = address.bits();
            lastRecipient = socketAddress(address, port);
        }
        return lastRecipient;
    }

    /** Hands what was written to the kernel, in batches. */
    void flush() {
        sendBatch();
        if (unflushed) {
            unflushed = false;
            channel.flush();
        }
    }

    /** Counts a datagram that left, or did not, past the channel. */
    void sentDirectly(int errno) {
        if (errno == 0) {
            count.sent.increment();
        } else {
            count.failed(SendFailure.of(errno));
        }
    }

    EndpointCounters counters() {
        return count.read(endpoint, channel.isOpen() ? receiveBufferDrops() : 0);
    }

    static InetSocketAddress socketAddress(Ipv4 address, int port) {
        int bits = address.bits();
        byte[] octets = {(byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits};
        try {
            return new InetSocketAddress(InetAddress.getByAddress(octets), port);
        } catch (UnknownHostException impossible) {
            throw new AssertionError("four bytes are an address", impossible);
        }
    }

    private void written(ChannelFuture future) {
        queued--;
        Throwable cause = future.cause();
        if (cause == null) {
            count.sent.increment();
            return;
        }
        SendFailure reason = SendFailure.of(cause);
        count.failed(reason);
        if (reason == SendFailure.OTHER && !saidOther) {
            saidOther = true;
            LOG.warn("{}: a datagram could not be sent (said once)", BindFailure.place(endpoint), cause);
        }
    }

    private long receiveBufferDrops() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment values = arena.allocate(JAVA_INT, MEMINFO_INTS);
            MemorySegment length = arena.allocateFrom(JAVA_INT, (int) values.byteSize());
            int result = Libc.getsockopt(
                    arena.allocate(Libc.CALL_STATE),
                    channel.fd().intValue(),
                    Libc.SOL_SOCKET,
                    Libc.SO_MEMINFO,
                    values,
                    length);
            return result < 0 ? 0 : Integer.toUnsignedLong(values.getAtIndex(JAVA_INT, MEMINFO_DROPS));
        }
    }
}
