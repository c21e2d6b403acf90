package org.anylease.server.net;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * An ICMP echo or its reply, as probes use it (RFC 792): eight bytes of header, then the process' cookie and the
 * probe's number, so that neither another program's reply nor a late one of an earlier probe is taken for ours.
 *
 * @param type 8 for an echo, 0 for its reply
 * @param identifier tells sockets apart; with ping sockets the kernel's business
 * @param sequence tells outstanding probes apart, 0 to 65535
 * @param cookie the process' secret
 * @param number counts the probes of the process
 */
record EchoMessage(int type, int identifier, int sequence, long cookie, long number) {
    static final int BYTES = 24;
    static final int HEADER_BYTES = 8;
    static final int ECHO_REPLY = 0;
    static final int DESTINATION_UNREACHABLE = 3;
    static final int ECHO = 8;
    static final int TIME_EXCEEDED = 11;
    static final int PARAMETER_PROBLEM = 12;

    static final ValueLayout.OfLong NET_LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(java.nio.ByteOrder.BIG_ENDIAN);

    /** Writes the message with its checksum. */
    void write(MemorySegment target) {
        target.set(ValueLayout.JAVA_BYTE, 0, (byte) type);
        target.set(ValueLayout.JAVA_BYTE, 1, (byte) 0);
        target.set(Libc.NET_SHORT, 2, (short) 0);
        target.set(Libc.NET_SHORT, 4, (short) identifier);
        target.set(Libc.NET_SHORT, 6, (short) sequence);
        target.set(NET_LONG, 8, cookie);
        target.set(NET_LONG, 16, number);
        target.set(Libc.NET_SHORT, 2, InternetChecksum.fold(InternetChecksum.add(0, target, 0, BYTES)));
    }

    /** Reads a message; null when it is of another type, or has another length and so is not ours. */
    static @Nullable EchoMessage read(MemorySegment bytes, long offset, long length, int type) {
        if (length != BYTES
                || bytes.get(ValueLayout.JAVA_BYTE, offset) != type
                || bytes.get(ValueLayout.JAVA_BYTE, offset + 1) != 0) {
            return null;
        }
        return new EchoMessage(
                type,
                bytes.get(Libc.NET_SHORT, offset + 4) & 0xffff,
                bytes.get(Libc.NET_SHORT, offset + 6) & 0xffff,
                bytes.get(NET_LONG, offset + 8),
                bytes.get(NET_LONG, offset + 16));
    }
}
