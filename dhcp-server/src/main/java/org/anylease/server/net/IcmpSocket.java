package org.anylease.server.net;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.anylease.store.address.Ipv4;
import org.jspecify.annotations.Nullable;

/**
 * A socket that sends echoes and hears their replies and errors: a ping socket where the system allows the process'
 * group to have one (icmp(7), ping_group_range), else a raw socket.
 *
 * <p>They differ. A ping socket hears only replies to itself, without IP header, and learns of errors through its error
 * queue; an error waiting there also fails the next {@code send}, whatever its destination, which is why sending drains
 * the queue and tries again before it believes an error. A raw socket hears every reply and error that reaches its
 * address, IP header first and checksum unchecked, those of other programs too. A socket that is to send from several
 * addresses is bound to none: one bound to an address hears no replies to another. Belongs to the loop once opened.
 */
final class IcmpSocket implements AutoCloseable {
    /**
     * Hears what arrives. Messages of other programs may be among them: check cookie and number. Must not send, which
     * could recurse as deep as there are errors waiting.
     */
    interface Listener {
        void replied(Ipv4 from, EchoMessage reply);

        /**
         * An ICMP error about one of our echoes.
         *
         * @param quoted the echo as far as the error quotes it; cookie and number only where {@code whole}
         */
        void unreachable(Ipv4 target, EchoMessage quoted, boolean whole, Ipv4 reporter, int type, int code);
    }

    /** Room for a burst of replies, and for echoes that wait for ARP: the kernel charges those to the sender. */
    private static final int BUFFER_BYTES = 4 << 20;

    private static final int RECEIVED_PER_TURN_MAX = 256;
    private static final int SEND_TRIES_MAX = 8;
    private static final int MSGHDR_BYTES = 56;
    private static final int IOVEC_BYTES = 16;
    private static final int CONTROL_BYTES = 256;
    private static final int CMSG_DATA = 16;
    private static final int EXTENDED_ERROR_BYTES = 16;
    private static final int ORIGIN_ICMP = 2;
    private static final int IPV4_HEADER_BYTES_MIN = 20;

    private final NativeSocket socket;
    private final boolean raw;
    private final int identifier;
    private final int sendBufferBytes;
    private final SourcedMessage outgoing = new SourcedMessage(EchoMessage.BYTES);
    private final MemorySegment incoming;
    private final MemorySegment incomingAddress;
    private final MemorySegment incomingLength;
    private final MemorySegment control;
    private final MemorySegment errorHeader;

    private IcmpSocket(NativeSocket socket, boolean raw, int identifier) {
        this.socket = socket;
        this.raw = raw;
        this.identifier = identifier;
        this.incoming = socket.allocate(512);
        this.incomingAddress = socket.allocate(Libc.SOCKADDR_IN_BYTES);
        this.incomingLength = socket.allocate(4);
        this.control = socket.allocate(CONTROL_BYTES);
        this.errorHeader = socket.allocate(MSGHDR_BYTES);
        MemorySegment vector = socket.allocate(IOVEC_BYTES);
        vector.set(ValueLayout.ADDRESS, 0, incoming);
        vector.set(JAVA_LONG, 8, incoming.byteSize());
        errorHeader.set(ValueLayout.ADDRESS, 0, incomingAddress);
        errorHeader.set(ValueLayout.ADDRESS, 16, vector);
        errorHeader.set(JAVA_LONG, 24, 1);
        errorHeader.set(ValueLayout.ADDRESS, 32, control);
        Libc.enlargeBuffer(socket.fd(), Libc.SO_RCVBUFFORCE, Libc.SO_RCVBUF, BUFFER_BYTES);
        this.sendBufferBytes = Libc.enlargeBuffer(socket.fd(), Libc.SO_SNDBUFFORCE, Libc.SO_SNDBUF, BUFFER_BYTES);
    }

    /** Opens a ping socket on a local address, or on all of them. */
    static IcmpSocket ping(Ipv4 local) throws NativeFailure {
        NativeSocket socket = NativeSocket.open(Libc.AF_INET, Libc.SOCK_DGRAM, Libc.IPPROTO_ICMP);
        try {
            socket.setOption(Libc.SOL_IP, Libc.IP_RECVERR, 1);
            socket.bind(local);
            return new IcmpSocket(socket, false, 0);
        } catch (NativeFailure failure) {
            socket.close();
            throw failure;
        }
    }

    /** Opens a raw socket on a local address, or on all of them. */
    static IcmpSocket raw(Ipv4 local, int identifier) throws NativeFailure {
        NativeSocket socket = NativeSocket.open(Libc.AF_INET, Libc.SOCK_RAW, Libc.IPPROTO_ICMP);
        try {
            // The filter's bits are the types to keep out.
            int wanted = (1 << EchoMessage.ECHO_REPLY)
                    | (1 << EchoMessage.DESTINATION_UNREACHABLE)
                    | (1 << EchoMessage.TIME_EXCEEDED)
                    | (1 << EchoMessage.PARAMETER_PROBLEM);
            socket.setOption(Libc.SOL_RAW, Libc.ICMP_FILTER, ~wanted);
            socket.bind(local);
            return new IcmpSocket(socket, true, identifier);
        } catch (NativeFailure failure) {
            socket.close();
            throw failure;
        }
    }

    int fd() {
        return socket.fd();
    }

    /** The room for unsent echoes, in the kernel's accounting. */
    int sendBufferBytes() {
        return sendBufferBytes;
    }

    /**
     * Sends an echo. May hand errors of earlier echoes to the listener.
     *
     * @param source the address of this machine that it leaves from
     * @return zero, or the error number
     */
    int send(Ipv4 source, Ipv4 target, int sequence, long cookie, long number, Listener listener) {
        outgoing.from(SourcedMessage.ANY_INTERFACE, source);
        outgoing.to(target, 0);
        new EchoMessage(EchoMessage.ECHO, identifier, sequence, cookie, number).write(outgoing.bytes());
        int result = 0;
        for (int tries = 0; tries < SEND_TRIES_MAX; tries++) {
            result = outgoing.send(socket.fd(), EchoMessage.BYTES);
            if (result >= 0 || raw || receiveErrors(listener) == 0) {
                break;
            }
        }
        return result < 0 ? -result : 0;
    }

    /** Receives what has arrived, up to a bound; what is left is announced again. */
    void receive(Listener listener) {
        int errors = raw ? 0 : receiveErrors(listener);
        for (int i = errors; i < RECEIVED_PER_TURN_MAX; i++) {
            int length = socket.receive(incoming, incomingAddress, incomingLength);
            if (length >= 0) {
                Ipv4 from = new Ipv4(incomingAddress.get(Libc.NET_INT, 4));
                if (raw) {
                    rawPacket(from, length, listener);
                } else {
                    EchoMessage reply = EchoMessage.read(incoming, 0, length, EchoMessage.ECHO_REPLY);
                    if (reply != null) {
                        listener.replied(from, reply);
                    }
                }
            } else if (raw || receiveErrors(listener) == 0) {
                return;
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }

    private int receiveErrors(Listener listener) {
        int count = 0;
        while (count < RECEIVED_PER_TURN_MAX) {
            errorHeader.set(JAVA_INT, 8, Libc.SOCKADDR_IN_BYTES);
            errorHeader.set(JAVA_LONG, 40, CONTROL_BYTES);
            int length = socket.receiveError(errorHeader);
            if (length < 0) {
                return count;
            }
            count++;
            queuedError(length, listener);
        }
        return count;
    }

    // The error queue gives the echo, the address it was for as the name, and struct sock_extended_err followed by the
    // offender's address as control data.
    private void queuedError(int length, Listener listener) {
        boolean ours = errorHeader.get(JAVA_LONG, 40) >= CMSG_DATA + EXTENDED_ERROR_BYTES + Libc.SOCKADDR_IN_BYTES
                && control.get(JAVA_INT, 8) == Libc.SOL_IP
                && control.get(JAVA_INT, 12) == Libc.IP_RECVERR
                && control.get(JAVA_BYTE, CMSG_DATA + 4) == ORIGIN_ICMP;
        EchoMessage quoted = ours ? quoted(0, length) : null;
        if (quoted == null) {
            return;
        }
        listener.unreachable(
                new Ipv4(incomingAddress.get(Libc.NET_INT, 4)),
                quoted,
                length >= EchoMessage.BYTES,
                new Ipv4(control.get(Libc.NET_INT, CMSG_DATA + EXTENDED_ERROR_BYTES + 4)),
                control.get(JAVA_BYTE, CMSG_DATA + 5) & 0xff,
                control.get(JAVA_BYTE, CMSG_DATA + 6) & 0xff);
    }

    private void rawPacket(Ipv4 from, int length, Listener listener) {
        int header = ipHeaderBytes(0, length);
        int icmp = length - header;
        if (header == 0
                || icmp < EchoMessage.HEADER_BYTES
                || InternetChecksum.fold(InternetChecksum.add(0, incoming, header, icmp)) != 0) {
            return;
        }
        int type = incoming.get(JAVA_BYTE, header) & 0xff;
        if (type == EchoMessage.ECHO_REPLY) {
            EchoMessage reply = EchoMessage.read(incoming, header, icmp, EchoMessage.ECHO_REPLY);
            if (reply != null && reply.identifier() == identifier) {
                listener.replied(from, reply);
            }
            return;
        }
        int inner = header + EchoMessage.HEADER_BYTES;
        int innerHeader = ipHeaderBytes(inner, length);
        int at = inner + innerHeader;
        if (innerHeader == 0 || incoming.get(JAVA_BYTE, inner + 9) != Libc.IPPROTO_ICMP) {
            return;
        }
        EchoMessage quoted = quoted(at, length - at);
        if (quoted != null && quoted.identifier() == identifier) {
            Ipv4 target = new Ipv4(incoming.get(Libc.NET_INT, inner + 16));
            int code = incoming.get(JAVA_BYTE, header + 1) & 0xff;
            listener.unreachable(target, quoted, length - at >= EchoMessage.BYTES, from, type, code);
        }
    }

    /** The length of the IPv4 header at an offset, or zero when there is none that leaves room for an ICMP header. */
    private int ipHeaderBytes(int offset, int end) {
        if (end - offset < IPV4_HEADER_BYTES_MIN) {
            return 0;
        }
        int first = incoming.get(JAVA_BYTE, offset) & 0xff;
        int bytes = (first & 15) * 4;
        boolean sane = first >>> 4 == 4 && bytes >= IPV4_HEADER_BYTES_MIN && end - offset >= bytes + 8;
        return sane ? bytes : 0;
    }

    /** Reads the quoted echo at an offset, cookie and number as far as quoted; null when it is none. */
    private @Nullable EchoMessage quoted(int offset, int length) {
        if (length < EchoMessage.HEADER_BYTES || incoming.get(JAVA_BYTE, offset) != EchoMessage.ECHO) {
            return null;
        }
        boolean whole = length >= EchoMessage.BYTES;
        return new EchoMessage(
                EchoMessage.ECHO,
                incoming.get(Libc.NET_SHORT, offset + 4) & 0xffff,
                incoming.get(Libc.NET_SHORT, offset + 6) & 0xffff,
                whole ? incoming.get(EchoMessage.NET_LONG, offset + 8) : 0,
                whole ? incoming.get(EchoMessage.NET_LONG, offset + 16) : 0);
    }
}
