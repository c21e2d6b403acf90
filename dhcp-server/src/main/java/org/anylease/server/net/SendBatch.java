package org.anylease.server.net;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import org.anylease.store.address.Ipv4;

/**
 * Datagrams that leave in one call of sendmmsg(2), in memory that is laid out once. Belongs to the loop.
 *
 * <p>Through Netty's outbound buffer each would cost a dozen objects and as many calls through JNI as it has fields.
 */
final class SendBatch {
    /** Larger datagrams go another way; replies are below an interface's MTU. */
    static final int DATAGRAM_BYTES_MAX = 2048;

    private static final int SIZE = 64;
    private static final int MSGHDR_BYTES = 56;
    private static final int MMSGHDR_BYTES = 64;
    private static final int IOVEC_BYTES = 16;
    private static final int LENGTH_IN_IOVEC = 8;

    /** Hears what became of the datagrams of a batch. */
    interface Listener {
        /** So many have left. */
        void sent(int datagrams);

        /** One did not, for this error number. */
        void failed(int errno);

        /** The kernel has no room at the moment; the bytes are good until the call returns. */
        void postponed(Ipv4 address, int port, ByteBuffer datagram);
    }

    private final MemorySegment state;
    private final MemorySegment headers;
    private final MemorySegment vectors;
    private final MemorySegment addresses;
    private final MemorySegment bytes;
    private int size;

    SendBatch() {
        Arena arena = Arena.ofAuto();
        state = arena.allocate(Libc.CALL_STATE);
        headers = arena.allocate((long) SIZE * MMSGHDR_BYTES, Long.BYTES);
        vectors = arena.allocate((long) SIZE * IOVEC_BYTES, Long.BYTES);
        addresses = arena.allocate((long) SIZE * Libc.SOCKADDR_IN_BYTES, Long.BYTES);
        bytes = arena.allocate((long) SIZE * DATAGRAM_BYTES_MAX, Long.BYTES);
        for (int i = 0; i < SIZE; i++) {
            MemorySegment header = headers.asSlice((long) i * MMSGHDR_BYTES, MSGHDR_BYTES);
            MemorySegment vector = vectors.asSlice((long) i * IOVEC_BYTES, IOVEC_BYTES);
            header.set(ValueLayout.ADDRESS, 0, address(i));
            header.set(JAVA_INT, 8, Libc.SOCKADDR_IN_BYTES);
            header.set(ValueLayout.ADDRESS, 16, vector);
            header.set(JAVA_LONG, 24, 1);
            vector.set(ValueLayout.ADDRESS, 0, bytes.asSlice((long) i * DATAGRAM_BYTES_MAX, DATAGRAM_BYTES_MAX));
        }
    }

    private MemorySegment address(int i) {
        return addresses.asSlice((long) i * Libc.SOCKADDR_IN_BYTES, Libc.SOCKADDR_IN_BYTES);
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    boolean isFull() {
        return size == SIZE;
    }

    /** Copies a datagram of at most {@link #DATAGRAM_BYTES_MAX} in; there must be room. */
    void add(Ipv4 address, int port, ByteBuffer datagram) {
        int length = datagram.remaining();
        Libc.writeAddress(address(size), address, port);
        MemorySegment.copy(MemorySegment.ofBuffer(datagram), 0, bytes, (long) size * DATAGRAM_BYTES_MAX, length);
        vectors.set(JAVA_LONG, (long) size * IOVEC_BYTES + LENGTH_IN_IOVEC, length);
        size++;
    }

    /** Hands all to the kernel and empties the batch. A datagram that fails does not hold up those behind it. */
    void send(int fd, Listener listener) {
        int at = 0;
        while (at < size) {
            int result = Libc.sendmmsg(state, fd, headers.asSlice((long) at * MMSGHDR_BYTES), size - at);
            if (result > 0) {
                listener.sent(result);
                at += result;
            } else if (Errno.EAGAIN.is(-result)) {
                for (; at < size; at++) {
                    postpone(at, listener);
                }
            } else {
                listener.failed(-result);
                at++;
            }
        }
        size = 0;
    }

    /** Empties the batch; nothing of it was sent. */
    void clear() {
        size = 0;
    }

    private void postpone(int i, Listener listener) {
        MemorySegment to = address(i);
        long length = vectors.get(JAVA_LONG, (long) i * IOVEC_BYTES + LENGTH_IN_IOVEC);
        listener.postponed(
                new Ipv4(to.get(Libc.NET_INT, 4)),
                to.get(Libc.NET_SHORT, 2) & 0xffff,
                bytes.asSlice((long) i * DATAGRAM_BYTES_MAX, length).asByteBuffer());
    }
}
