package org.anylease.server.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import org.anylease.server.wire.Decoded.Malformed;
import org.anylease.server.wire.Decoded.Ok;
import org.anylease.store.address.Ipv4;

/**
 * Datagrams to packets and back (RFC 2131 §2 and §4.1).
 *
 * <p>Decoding trusts nothing, takes time linear in the datagram, and keeps no hold on the buffer. Lenient where senders
 * are known to be careless and nothing is lost:
 *
 * <ul>
 *   <li>A missing End option is no fault; what follows an End option is ignored; Pad is skipped (RFC 2132 §3).
 *   <li>Bytes of {@code chaddr} past {@code hlen}, and zeros at the end of {@code sname} and {@code file}, are left out.
 *   <li>Without a cookie, or with one of zeros, the message is BOOTP without vendor information and has no options
 *       (RFC 951 §3, RFC 1534). With any other cookie it is refused: we would not understand its vendor area, and such
 *       a datagram is more likely none of ours.
 *   <li>An option of a wrong length stays, and reads as absent: see {@link Options}.
 * </ul>
 *
 * <p>Strict where guessing would hand out a wrong lease: {@link MalformedReason} lists the faults. All instances of an
 * option are joined (RFC 3396 §5), so a repeated message type is one of two bytes, and refused.
 *
 * <p>Stateless, for any number of threads.
 */
public final class PacketCodec {
    /** The longest datagram decoded: a jumbo frame. */
    public static final int DATAGRAM_BYTES_MAX = 9_000;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private PacketCodec() {}

    /**
     * Decodes what remains in a buffer, whose position stays as it is.
     *
     * @param datagram a whole UDP payload
     * @return the packet, or why it is none
     */
    public static Decoded decode(ByteBuffer datagram) {
        if (datagram.hasArray()) {
            return decode(datagram.array(), datagram.arrayOffset() + datagram.position(), datagram.remaining());
        }
        if (datagram.remaining() > DATAGRAM_BYTES_MAX) {
            return tooLong(datagram.remaining());
        }
        byte[] copy = new byte[datagram.remaining()];
        datagram.get(datagram.position(), copy);
        return decode(copy, 0, copy.length);
    }

    /**
     * Decodes part of an array.
     *
     * @param buffer holds a whole UDP payload; not kept
     * @param offset where the payload starts
     * @param length how long it is
     * @return the packet, or why it is none
     */
    public static Decoded decode(byte[] buffer, int offset, int length) {
        if (length < HeaderLayout.COOKIE) {
            return new Malformed(MalformedReason.TOO_SHORT, length + " bytes are fewer than 236");
        }
        if (length > DATAGRAM_BYTES_MAX) {
            return tooLong(length);
        }
        int op = buffer[offset + HeaderLayout.OP];
        if (op != BootpOp.REQUEST.code() && op != BootpOp.REPLY.code()) {
            return new Malformed(MalformedReason.BAD_OP, "op is " + (op & 255) + ", neither 1 nor 2");
        }
        int hlen = buffer[offset + HeaderLayout.HLEN] & 255;
        if (hlen > HardwareAddress.LENGTH_MAX) {
            return new Malformed(MalformedReason.BAD_HLEN, "hlen is " + hlen + ", more than 16");
        }
        PacketBuilder packet = header(buffer, offset, hlen);
        if (length < HeaderLayout.OPTIONS) {
            return bootp(packet, buffer, offset);
        }
        int cookie = (int) INT.get(buffer, offset + HeaderLayout.COOKIE);
        if (cookie == 0) {
            return bootp(packet, buffer, offset);
        }
        if (cookie != HeaderLayout.MAGIC_COOKIE) {
            return new Malformed(MalformedReason.BAD_MAGIC, "cookie is " + hex(cookie) + ", not 0x63825363");
        }
        OptionsReader reader = new OptionsReader(buffer, offset, offset + length);
        Options options = reader.read();
        if (options == null) {
            return reader.malformed();
        }
        packet.options = options;
        names(packet, buffer, offset, reader.overload());
        return typed(packet);
    }

    private static Malformed tooLong(int length) {
        return new Malformed(MalformedReason.TOO_LONG, length + " bytes are more than " + DATAGRAM_BYTES_MAX);
    }

    private static String hex(int value) {
        return "0x" + Integer.toHexString(value);
    }

    private static Decoded bootp(PacketBuilder packet, byte[] buffer, int offset) {
        names(packet, buffer, offset, 0);
        return new Ok(new Packet(packet, null, null));
    }

    private static PacketBuilder header(byte[] buffer, int offset, int hlen) {
        PacketBuilder packet = new PacketBuilder();
        packet.op = buffer[offset + HeaderLayout.OP] == 1 ? BootpOp.REQUEST : BootpOp.REPLY;
        packet.hardware = HardwareAddress.fromChaddr(
                buffer[offset + HeaderLayout.HTYPE] & 255,
                hlen,
                (long) LONG.get(buffer, offset + HeaderLayout.CHADDR),
                (long) LONG.get(buffer, offset + HeaderLayout.CHADDR + 8));
        packet.hops = buffer[offset + HeaderLayout.HOPS] & 255;
        packet.xid = (int) INT.get(buffer, offset + HeaderLayout.XID);
        int secsAndFlags = (int) INT.get(buffer, offset + HeaderLayout.SECS);
        packet.secs = secsAndFlags >>> 16;
        packet.flags = secsAndFlags & 0xffff;
        packet.ciaddr = ipv4(buffer, offset + HeaderLayout.CIADDR);
        packet.yiaddr = ipv4(buffer, offset + HeaderLayout.YIADDR);
        packet.siaddr = ipv4(buffer, offset + HeaderLayout.SIADDR);
        packet.giaddr = ipv4(buffer, offset + HeaderLayout.GIADDR);
        return packet;
    }

    private static Ipv4 ipv4(byte[] buffer, int at) {
        int bits = (int) INT.get(buffer, at);
        return bits == 0 ? Ipv4.UNSPECIFIED : new Ipv4(bits);
    }

    /** Takes over {@code sname} and {@code file}, unless they hold options. */
    private static void names(PacketBuilder packet, byte[] buffer, int offset, int overload) {
        if ((overload & HeaderLayout.OVERLOAD_SNAME) == 0) {
            packet.sname = field(buffer, offset + HeaderLayout.SNAME, HeaderLayout.SNAME_BYTES);
        }
        if ((overload & HeaderLayout.OVERLOAD_FILE) == 0) {
            packet.file = field(buffer, offset + HeaderLayout.FILE, HeaderLayout.FILE_BYTES);
        }
    }

    /** A field without the zeros at its end. Its length is a multiple of eight. */
    private static byte[] field(byte[] buffer, int from, int length) {
        int to = from + length;
        while (to > from && (long) LONG.get(buffer, to - 8) == 0) {
            to -= 8;
        }
        while (to > from && buffer[to - 1] == 0) {
            to--;
        }
        return to == from ? new byte[0] : Arrays.copyOfRange(buffer, from, to);
    }

    /** Checks the two options on which everything else hangs. */
    private static Decoded typed(PacketBuilder packet) {
        Options options = packet.options;
        MessageType type = null;
        if (options.has(OptionCode.MESSAGE_TYPE)) {
            type = MessageType.of(options.u8(OptionCode.MESSAGE_TYPE).orElse(0)).orElse(null);
            if (type == null) {
                return new Malformed(MalformedReason.BAD_MESSAGE_TYPE, "option 53 is not one byte of 1 to 18");
            }
        }
        Optional<byte[]> option82 = options.bytes(OptionCode.RELAY_AGENT_INFORMATION);
        if (option82.isEmpty()) {
            return new Ok(new Packet(packet, type, null));
        }
        String flaw = RelayInformation.flaw(option82.get());
        return flaw != null
                ? new Malformed(MalformedReason.BAD_RELAY_INFORMATION, "option 82: " + flaw)
                : new Ok(new Packet(packet, type, RelayInformation.trusted(option82.get())));
    }

    /**
     * Encodes a packet into an array.
     *
     * <p>Options go out in their order, except that option 82 goes last (RFC 3046 §2.2). Values of more than 255 bytes are
     * split (RFC 3396 §6). When the options field is full and the limits allow it, options move into {@code file} and
     * {@code sname}, if these are unused (RFC 2131 §4.1); options 53, 54, 82 and 90 never do. What still finds no room is
     * dropped, and an option never yields its place to one that follows it. Option 82 yields to none but 53 and 54: only when
     * not even these fit beside it, the reply leaves without it (RFC 3046 §2.2). Short messages are padded to 300
     * bytes (RFC 1542 §2.1).
     *
     * @param packet what to send
     * @param limits how large it may become
     * @param target where it is written, from index 0, with room for {@code limits.datagramBytesMax()}
     * @return the length, and what was dropped
     */
    public static Encoded encode(Packet packet, EncodeLimits limits, byte[] target) {
        return encode(packet, limits, target, 0);
    }

    /**
     * Encodes a packet into a buffer, from its position on, which moves behind what was written.
     *
     * @param packet what to send
     * @param limits how large it may become
     * @param target where it is written, with {@code limits.datagramBytesMax()} remaining
     * @return the length, and what was dropped
     */
    public static Encoded encode(Packet packet, EncodeLimits limits, ByteBuffer target) {
        if (target.hasArray()) {
            int at = target.arrayOffset() + target.position();
            room(limits, target.remaining());
            Encoded encoded = encode(packet, limits, target.array(), at);
            target.position(target.position() + encoded.length());
            return encoded;
        }
        room(limits, target.remaining());
        byte[] datagram = new byte[limits.datagramBytesMax()];
        Encoded encoded = encode(packet, limits, datagram, 0);
        target.put(datagram, 0, encoded.length());
        return encoded;
    }

    private static void room(EncodeLimits limits, int room) {
        if (room < limits.datagramBytesMax()) {
            throw new IllegalArgumentException(
                    "a target of " + room + " bytes is smaller than the limit, " + limits.datagramBytesMax());
        }
    }

    private static Encoded encode(Packet packet, EncodeLimits limits, byte[] target, int at) {
        room(limits, target.length - at);
        OptionLayout layout = OptionLayout.of(packet, limits);
        Arrays.fill(target, at, at + HeaderLayout.COOKIE, (byte) 0);
        writeHeader(packet, target, at);
        int length = layout.write(target, at) - at;
        if (length < EncodeLimits.MESSAGE_BYTES_MIN) {
            Arrays.fill(target, at + length, at + EncodeLimits.MESSAGE_BYTES_MIN, (byte) 0);
            length = EncodeLimits.MESSAGE_BYTES_MIN;
        }
        return new Encoded(length, layout.dropped());
    }

    private static void writeHeader(Packet packet, byte[] target, int at) {
        HardwareAddress hardware = packet.hardware();
        target[at + HeaderLayout.OP] = (byte) packet.op().code();
        target[at + HeaderLayout.HTYPE] = (byte) hardware.type();
        target[at + HeaderLayout.HLEN] = (byte) hardware.length();
        target[at + HeaderLayout.HOPS] = (byte) packet.hops();
        INT.set(target, at + HeaderLayout.XID, packet.xid());
        INT.set(target, at + HeaderLayout.SECS, packet.secs() << 16 | packet.flags());
        INT.set(target, at + HeaderLayout.CIADDR, packet.ciaddr().bits());
        INT.set(target, at + HeaderLayout.YIADDR, packet.yiaddr().bits());
        INT.set(target, at + HeaderLayout.SIADDR, packet.siaddr().bits());
        INT.set(target, at + HeaderLayout.GIADDR, packet.giaddr().bits());
        LONG.set(target, at + HeaderLayout.CHADDR, hardware.high());
        LONG.set(target, at + HeaderLayout.CHADDR + 8, hardware.low());
        packet.copySname(target, at + HeaderLayout.SNAME);
        packet.copyFile(target, at + HeaderLayout.FILE);
        INT.set(target, at + HeaderLayout.COOKIE, HeaderLayout.MAGIC_COOKIE);
    }
}
