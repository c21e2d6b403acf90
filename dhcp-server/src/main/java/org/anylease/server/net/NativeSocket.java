package org.anylease.server.net;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import org.anylease.store.address.Ipv4;

/**
 * A socket opened through libc, for what Netty has no channel for.
 *
 * <p>Used by one thread at a time; {@link #close()} is idempotent and may be called on any thread once no other uses
 * the socket. Its scratch memory lives until the garbage collector finds it, so a call that races with closing fails
 * with EBADF instead of faulting.
 */
final class NativeSocket implements AutoCloseable {
    private final Arena arena = Arena.ofAuto();
    private final MemorySegment state = arena.allocate(Libc.CALL_STATE);
    private final int fd;
    private final AtomicBoolean closed = new AtomicBoolean();

    private NativeSocket(int domain, int type, int protocol) throws NativeFailure {
        fd = Libc.socket(state, domain, type, protocol);
        if (fd < 0) {
            throw new NativeFailure("socket", -fd);
        }
    }

    /** Opens a non-blocking socket. */
    static NativeSocket open(int domain, int type, int protocol) throws NativeFailure {
        return new NativeSocket(domain, type, protocol);
    }

    int fd() {
        return fd;
    }

    /** Zeroed memory that lives as long as the socket. */
    MemorySegment allocate(long bytes) {
        return arena.allocate(bytes, 8);
    }

    /** Binds to an IPv4 address; port 0 (for ping sockets: identifier 0) means any. */
    void bind(Ipv4 address) throws NativeFailure {
        MemorySegment name = allocate(Libc.SOCKADDR_IN_BYTES);
        Libc.writeAddress(name, address, 0);
        check("bind to " + address, Libc.bind(state, fd, name));
    }

    void setOption(int level, int option, int value) throws NativeFailure {
        check("setsockopt " + level + "/" + option, Libc.setOption(fd, level, option, value));
    }

    /** Sends; returns the number of bytes or the negated error number. */
    int send(MemorySegment bytes, long length, MemorySegment to) {
        return Libc.sendto(state, fd, bytes, length, to);
    }

    /** Receives one datagram and its sender; returns the number of bytes or the negated error number. */
    int receive(MemorySegment bytes, MemorySegment from, MemorySegment fromLength) {
        fromLength.set(JAVA_INT, 0, (int) from.byteSize());
        return Libc.recvfrom(state, fd, bytes, from, fromLength);
    }

    /** Receives one message of the error queue; returns the number of bytes or the negated error number. */
    int receiveError(MemorySegment header) {
        return Libc.recvmsg(state, fd, header, Libc.MSG_ERRQUEUE);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            Libc.close(state, fd);
        }
    }

    private static void check(String what, int result) throws NativeFailure {
        if (result < 0) {
            throw new NativeFailure(what, -result);
        }
    }
}
