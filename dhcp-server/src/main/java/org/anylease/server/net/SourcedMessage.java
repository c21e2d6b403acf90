package org.anylease.server.net;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.anylease.store.address.Ipv4;

/**
 * A message that leaves from a chosen source address, whatever its socket is bound to: {@code struct msghdr} with one
 * piece of data and IP_PKTINFO (ip(7)), which needs no privilege. Filled again for each message; used by one thread at
 * a time.
 */
final class SourcedMessage {
    /** The kernel's routing table chooses the interface. */
    static final int ANY_INTERFACE = 0;

    private static final int HEADER_BYTES = 56;
    private static final int VECTOR_BYTES = 16;
    private static final int CONTROL_HEADER_BYTES = 16;
    private static final int PKTINFO_BYTES = 12;
    private static final int CONTROL_BYTES = 32;

    private final Arena arena = Arena.ofAuto();
    private final MemorySegment state = arena.allocate(Libc.CALL_STATE);
    private final MemorySegment header = arena.allocate(HEADER_BYTES, 8);
    private final MemorySegment vector = arena.allocate(VECTOR_BYTES, 8);
    private final MemorySegment control = arena.allocate(CONTROL_BYTES, 8);
    private final MemorySegment name = arena.allocate(Libc.SOCKADDR_IN_BYTES, 8);
    private final MemorySegment bytes;

    /**
     * A message without data.
     *
     * @param bytesMax how much it holds
     */
    SourcedMessage(int bytesMax) {
        bytes = arena.allocate(bytesMax, 8);
        control.set(JAVA_LONG, 0, CONTROL_HEADER_BYTES + PKTINFO_BYTES);
        control.set(JAVA_INT, 8, Libc.SOL_IP);
        control.set(JAVA_INT, 12, Libc.IP_PKTINFO);
        vector.set(ValueLayout.ADDRESS, 0, bytes);
        header.set(ValueLayout.ADDRESS, 0, name);
        header.set(JAVA_INT, 8, Libc.SOCKADDR_IN_BYTES);
        header.set(ValueLayout.ADDRESS, 16, vector);
        header.set(JAVA_LONG, 24, 1);
        header.set(ValueLayout.ADDRESS, 32, control);
        header.set(JAVA_LONG, 40, CONTROL_BYTES);
    }

    /** Where its data is written, from the first byte on. */
    MemorySegment bytes() {
        return bytes;
    }

    /**
     * Says where it leaves.
     *
     * @param interfaceIndex the kernel's number of an interface, or {@link #ANY_INTERFACE}
     * @param source an address of this machine
     */
    void from(int interfaceIndex, Ipv4 source) {
        control.set(JAVA_INT, 16, interfaceIndex);
        control.set(Libc.NET_INT, 20, source.bits());
    }

    /**
     * Says where it goes.
     *
     * @param port 0 where the protocol has none
     */
    void to(Ipv4 address, int port) {
        Libc.writeAddress(name, address, port);
    }

    /** Sends the first {@code length} bytes; returns their number or the negated error number. */
    int send(int fd, int length) {
        vector.set(JAVA_LONG, 8, length);
        return Libc.sendmsg(state, fd, header);
    }
}
