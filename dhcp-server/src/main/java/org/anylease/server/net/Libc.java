package org.anylease.server.net;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.anylease.store.address.Ipv4;

/**
 * The socket calls of libc, as Linux makes them: each returns what the call returns, or the negated error number.
 *
 * <p>The {@code state} argument is scratch memory for that number, {@link #CALL_STATE} in size and owned by one thread
 * at a time; the JVM may overwrite the thread's errno before Java could read it. The structures written here have the
 * same layout on x86-64 and AArch64.
 */
final class Libc {
    static final int AF_INET = 2;
    static final int AF_PACKET = 17;
    static final int SOCK_DGRAM = 2;
    static final int SOCK_RAW = 3;
    static final int IPPROTO_ICMP = 1;
    static final int SOL_IP = 0;
    static final int IP_PKTINFO = 8;
    static final int IP_RECVERR = 11;
    static final int SOL_RAW = 255;
    static final int ICMP_FILTER = 1;
    static final int SOL_SOCKET = 1;
    static final int SO_REUSEADDR = 2;
    static final int SO_BROADCAST = 6;
    static final int SO_SNDBUF = 7;
    static final int SO_RCVBUF = 8;
    static final int SO_BINDTODEVICE = 25;
    static final int SO_SNDBUFFORCE = 32;
    static final int SO_RCVBUFFORCE = 33;
    static final int SO_MEMINFO = 55;
    static final int MSG_ERRQUEUE = 0x2000;

    static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();

    /** Size of {@code struct sockaddr_in}. */
    static final int SOCKADDR_IN_BYTES = 16;

    static final ValueLayout.OfShort NET_SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    static final ValueLayout.OfInt NET_INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final VarHandle ERRNO = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle SOCKET =
            of("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle BIND = of("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle CLOSE = of("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle SETSOCKOPT =
            of("setsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle GETSOCKOPT =
            of("getsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle SENDTO =
            of("sendto", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle RECVFROM =
            of("recvfrom", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle SENDMSG =
            of("sendmsg", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle SENDMMSG =
            of("sendmmsg", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    private static final MethodHandle RECVMSG =
            of("recvmsg", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));

    private static final MethodHandle IF_NAMETOINDEX = of("if_nametoindex", FunctionDescriptor.of(JAVA_INT, ADDRESS));

    private Libc() {}

    /** The kernel's number of an interface, or the negated error number. */
    static int interfaceIndex(String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int index = (int) IF_NAMETOINDEX.invokeExact(state, arena.allocateFrom(name));
            return index != 0 ? index : result(state, -1);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    /** Opens a non-blocking socket that child processes do not inherit. */
    static int socket(MemorySegment state, int domain, int type, int protocol) {
        try {
            return result(
                    state, (int) SOCKET.invokeExact(state, domain, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol));
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    static int bind(MemorySegment state, int fd, MemorySegment address) {
        try {
            return result(state, (int) BIND.invokeExact(state, fd, address, (int) address.byteSize()));
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    static int close(MemorySegment state, int fd) {
        try {
            return result(state, (int) CLOSE.invokeExact(state, fd));
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    static int setsockopt(MemorySegment state, int fd, int level, int option, MemorySegment value) {
        try {
            return result(state, (int) SETSOCKOPT.invokeExact(state, fd, level, option, value, (int) value.byteSize()));
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    /** Reads an option into {@code value}; {@code length} holds the space on entry and the size on return. */
    static int getsockopt(
            MemorySegment state, int fd, int level, int option, MemorySegment value, MemorySegment length) {
        try {
            return result(state, (int) GETSOCKOPT.invokeExact(state, fd, level, option, value, length));
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    static int sendto(MemorySegment state, int fd, MemorySegment bytes, long length, MemorySegment address) {
        try {
            return result(
                    state, (long) SENDTO.invokeExact(state, fd, bytes, length, 0, address, (int) address.byteSize()));
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    static int recvfrom(
            MemorySegment state, int fd, MemorySegment bytes, MemorySegment address, MemorySegment addressLength) {
        try {
            return result(
                    state, (long) RECVFROM.invokeExact(state, fd, bytes, bytes.byteSize(), 0, address, addressLength));
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    static int sendmsg(MemorySegment state, int fd, MemorySegment header) {
        try {
            return result(state, (long) SENDMSG.invokeExact(state, fd, header, 0));
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    /** Sends several messages; returns how many the kernel took, or the negated error number of the first. */
    static int sendmmsg(MemorySegment state, int fd, MemorySegment headers, int count) {
        try {
            return result(state, (int) SENDMMSG.invokeExact(state, fd, headers, count, 0));
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    static int recvmsg(MemorySegment state, int fd, MemorySegment header, int flags) {
        try {
            return result(state, (long) RECVMSG.invokeExact(state, fd, header, flags));
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    /** Writes a {@code struct sockaddr_in}. */
    static void writeAddress(MemorySegment target, Ipv4 address, int port) {
        target.set(ValueLayout.JAVA_SHORT_UNALIGNED, 0, (short) AF_INET);
        target.set(NET_SHORT, 2, (short) port);
        target.set(NET_INT, 4, address.bits());
        target.set(ValueLayout.JAVA_LONG_UNALIGNED, 8, 0);
    }

    /** Sets an option whose value is one int; returns zero or the negated error number. */
    static int setOption(int fd, int level, int option, int value) {
        try (Arena arena = Arena.ofConfined()) {
            return setsockopt(arena.allocate(CALL_STATE), fd, level, option, arena.allocateFrom(JAVA_INT, value));
        }
    }

    /** Sets an option whose value is text; returns zero or the negated error number. */
    static int setOption(int fd, int level, int option, String value) {
        try (Arena arena = Arena.ofConfined()) {
            return setsockopt(arena.allocate(CALL_STATE), fd, level, option, arena.allocateFrom(value));
        }
    }

    /**
     * Asks for a large buffer: past the system's limit where CAP_NET_ADMIN lets us, else up to it.
     *
     * @param forced SO_RCVBUFFORCE or SO_SNDBUFFORCE
     * @param plain SO_RCVBUF or SO_SNDBUF
     * @return the size the kernel settled on, which counts its own bookkeeping and so is twice what was asked
     */
    static int enlargeBuffer(int fd, int forced, int plain, int bytes) {
        if (setOption(fd, SOL_SOCKET, forced, bytes) < 0) {
            setOption(fd, SOL_SOCKET, plain, bytes);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_INT);
            MemorySegment length = arena.allocateFrom(JAVA_INT, 4);
            getsockopt(arena.allocate(CALL_STATE), fd, SOL_SOCKET, plain, value, length);
            return value.get(JAVA_INT, 0);
        }
    }

    @SuppressWarnings("restricted") // Calling into libc is what this class is for.
    private static MethodHandle of(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name), descriptor, Linker.Option.captureCallState("errno"));
    }

    private static int result(MemorySegment state, long returned) {
        return returned >= 0 ? (int) returned : -(int) ERRNO.get(state, 0L);
    }

    private static AssertionError unexpected(Throwable thrown) {
        return new AssertionError("a call into libc threw, which only a wrong descriptor can cause", thrown);
    }
}
