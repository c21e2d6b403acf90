package org.anylease.server.net;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.anylease.store.address.Ipv4;

/** A client without an IP address: sends and receives whole Ethernet frames on one interface. */
final class FrameTap implements AutoCloseable {
    private static final int ETHERTYPE_IPV4 = 0x0800;
    private static final short POLLIN = 1;

    /** A UDP datagram in the frame it came in. */
    @SuppressWarnings("ArrayRecordComponent") // Read once by the test that got it, never compared.
    record Frame(String toMac, Ipv4 source, int sourcePort, Ipv4 to, int toPort, byte[] payload) {}

    private final NativeSocket socket;
    private final MemorySegment frame;
    private final MemorySegment from;
    private final MemorySegment length;
    private final MemorySegment polled;
    private final int interfaceIndex;

    /** Opens the tap, in the namespace of the calling thread. */
    FrameTap(int interfaceIndex) throws NativeFailure {
        this.interfaceIndex = interfaceIndex;
        socket = NativeSocket.open(
                Libc.AF_PACKET, Libc.SOCK_RAW, Short.toUnsignedInt(Short.reverseBytes((short) ETHERTYPE_IPV4)));
        frame = socket.allocate(65_536);
        from = socket.allocate(20);
        length = socket.allocate(4);
        polled = socket.allocate(8);
    }

    /** Sends a UDP datagram from 0.0.0.0 port 68 to the broadcast address, port 67. */
    void broadcast(byte[] mac, byte[] payload) {
        frame.asSlice(0, 6).fill((byte) -1);
        MemorySegment.copy(mac, 0, frame, ValueLayout.JAVA_BYTE, 6, 6);
        frame.set(Libc.NET_SHORT, 12, (short) ETHERTYPE_IPV4);
        LinkFrames.writePacket(frame.asSlice(14), Ipv4.UNSPECIFIED, 68, Ipv4.BROADCAST, 67, ByteBuffer.wrap(payload));
        MemorySegment to = socket.allocate(20);
        to.set(ValueLayout.JAVA_SHORT_UNALIGNED, 0, (short) Libc.AF_PACKET);
        to.set(ValueLayout.JAVA_INT_UNALIGNED, 4, interfaceIndex);
        int sent = socket.send(frame, 14 + 28 + payload.length, to);
        if (sent < 0) {
            throw new IllegalStateException(Errno.describe(-sent));
        }
    }

    /** The next UDP datagram to a port with right checksums, or empty when none comes in time. */
    Optional<Frame> next(int toPort, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < deadline) {
            int bytes = socket.receive(frame, from, length);
            if (bytes < 0) {
                await(deadline - System.nanoTime());
            } else if (bytes >= 42
                    && frame.get(ValueLayout.JAVA_BYTE, 14 + 9) == 17
                    && (frame.get(Libc.NET_SHORT, 36) & 0xffff) == toPort) {
                return Optional.of(parse());
            }
        }
        return Optional.empty();
    }

    private Frame parse() {
        StringBuilder mac = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            mac.append(i == 0 ? "" : ":").append("%02x".formatted(frame.get(ValueLayout.JAVA_BYTE, i)));
        }
        int udpLength = frame.get(Libc.NET_SHORT, 38) & 0xffff;
        int total = frame.get(Libc.NET_SHORT, 16) & 0xffff;
        if (total != 20 + udpLength || InternetChecksum.fold(InternetChecksum.add(0, frame, 14, 20)) != 0) {
            throw new AssertionError("bad IP header");
        }
        return new Frame(
                mac.toString(),
                new Ipv4(frame.get(Libc.NET_INT, 26)),
                frame.get(Libc.NET_SHORT, 34) & 0xffff,
                new Ipv4(frame.get(Libc.NET_INT, 30)),
                frame.get(Libc.NET_SHORT, 36) & 0xffff,
                frame.asSlice(42, udpLength - 8).toArray(ValueLayout.JAVA_BYTE));
    }

    /** Whether the frame last received has a right UDP checksum of its own; the kernel may leave it to the device. */
    boolean udpChecksumHolds() {
        int udpLength = frame.get(Libc.NET_SHORT, 38) & 0xffff;
        long sum = InternetChecksum.add(17 + udpLength, frame, 26, 8);
        return InternetChecksum.fold(InternetChecksum.add(sum, frame, 34, udpLength)) == 0;
    }

    private void await(long nanos) {
        polled.set(JAVA_INT, 0, socket.fd());
        polled.set(JAVA_SHORT, 4, POLLIN);
        try {
            int ready = (int) poll().invokeExact(polled, 1L, (int) Math.max(1, nanos / 1_000_000));
            if (ready < 0) {
                throw new IllegalStateException("poll failed");
            }
        } catch (Throwable failure) {
            throw new AssertionError(failure);
        }
    }

    @SuppressWarnings("restricted") // poll(2) is not worth a place in Libc.
    private static MethodHandle poll() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("poll"),
                FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    }

    @Override
    public void close() {
        socket.close();
    }
}
