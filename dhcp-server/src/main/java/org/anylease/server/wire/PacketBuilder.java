package org.anylease.server.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.anylease.store.address.Ipv4;

/** Collects the fields of a packet. Not for several threads at once. */
public final class PacketBuilder {
    BootpOp op = BootpOp.REQUEST;
    HardwareAddress hardware = HardwareAddress.NONE;
    int hops;
    int xid;
    int secs;
    int flags;
    Ipv4 ciaddr = Ipv4.UNSPECIFIED;
    Ipv4 yiaddr = Ipv4.UNSPECIFIED;
    Ipv4 siaddr = Ipv4.UNSPECIFIED;
    Ipv4 giaddr = Ipv4.UNSPECIFIED;
    byte[] sname = new byte[0];
    byte[] file = new byte[0];
    Options options = Options.EMPTY;

    PacketBuilder() {}

    /**
     * Sets field {@code op}.
     *
     * @param value the direction
     * @return this builder
     */
    public PacketBuilder op(BootpOp value) {
        op = value;
        return this;
    }

    /**
     * Sets fields {@code htype}, {@code hlen} and {@code chaddr}.
     *
     * @param value the client's hardware address
     * @return this builder
     */
    public PacketBuilder hardware(HardwareAddress value) {
        hardware = value;
        return this;
    }

    /**
     * Sets field {@code hops}.
     *
     * @param value 0 to 255
     * @return this builder
     */
    public PacketBuilder hops(int value) {
        hops = inRange("hops", value, 0xff);
        return this;
    }

    /**
     * Sets field {@code xid}.
     *
     * @param value any 32 bits
     * @return this builder
     */
    public PacketBuilder xid(int value) {
        xid = value;
        return this;
    }

    /**
     * Sets field {@code secs}.
     *
     * @param value 0 to 65535
     * @return this builder
     */
    public PacketBuilder secs(int value) {
        secs = inRange("secs", value, 0xffff);
        return this;
    }

    /**
     * Sets field {@code flags}.
     *
     * @param value 0 to 65535
     * @return this builder
     */
    public PacketBuilder flags(int value) {
        flags = inRange("flags", value, 0xffff);
        return this;
    }

    /**
     * Sets or clears the broadcast bit of {@code flags}.
     *
     * @param value whether it is set
     * @return this builder
     */
    public PacketBuilder broadcast(boolean value) {
        flags = value ? flags | HeaderLayout.BROADCAST : flags & ~HeaderLayout.BROADCAST;
        return this;
    }

    private static int inRange(String field, int value, int max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(field + " " + value + " is not in 0.." + max);
        }
        return value;
    }

    /**
     * Sets field {@code ciaddr}.
     *
     * @param value the address the client has
     * @return this builder
     */
    public PacketBuilder ciaddr(Ipv4 value) {
        ciaddr = value;
        return this;
    }

    /**
     * Sets field {@code yiaddr}.
     *
     * @param value the address the client is given
     * @return this builder
     */
    public PacketBuilder yiaddr(Ipv4 value) {
        yiaddr = value;
        return this;
    }

    /**
     * Sets field {@code siaddr}.
     *
     * @param value the next server
     * @return this builder
     */
    public PacketBuilder siaddr(Ipv4 value) {
        siaddr = value;
        return this;
    }

    /**
     * Sets field {@code giaddr}.
     *
     * @param value the relay
     * @return this builder
     */
    public PacketBuilder giaddr(Ipv4 value) {
        giaddr = value;
        return this;
    }

    /**
     * Sets field {@code sname}; zeros at the end do not count.
     *
     * @param value at most 64 bytes; copied
     * @return this builder
     */
    public PacketBuilder sname(byte... value) {
        sname = field("sname", value, Packet.SNAME_BYTES_MAX);
        return this;
    }

    /**
     * Sets field {@code file}; zeros at the end do not count.
     *
     * @param value at most 128 bytes; copied
     * @return this builder
     */
    public PacketBuilder file(byte... value) {
        file = field("file", value, Packet.FILE_BYTES_MAX);
        return this;
    }

    /**
     * Sets field {@code sname} to a name.
     *
     * @param value at most 63 characters up to U+00FF, which leaves room for the NUL
     * @return this builder
     */
    public PacketBuilder serverName(String value) {
        return sname(name("sname", value, Packet.SNAME_BYTES_MAX - 1));
    }

    /**
     * Sets field {@code file} to a name.
     *
     * @param value at most 127 characters up to U+00FF, which leaves room for the NUL
     * @return this builder
     */
    public PacketBuilder bootFile(String value) {
        return file(name("file", value, Packet.FILE_BYTES_MAX - 1));
    }

    private static byte[] name(String field, String value, int max) {
        boolean fits = value.length() <= max;
        for (int i = 0; fits && i < value.length(); i++) {
            fits = value.charAt(i) > 0 && value.charAt(i) <= 255;
        }
        if (!fits) {
            throw new IllegalArgumentException(field + " cannot carry '" + value + "' (RFC 2131 §2)");
        }
        return value.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] field(String field, byte[] value, int max) {
        int length = value.length;
        while (length > 0 && value[length - 1] == 0) {
            length--;
        }
        if (length > max) {
            throw new IllegalArgumentException(field + " of " + length + " bytes is longer than " + max);
        }
        return length == 0 ? new byte[0] : Arrays.copyOf(value, length);
    }

    /**
     * Sets the options.
     *
     * @param value all options
     * @return this builder
     */
    public PacketBuilder options(Options value) {
        options = value;
        return this;
    }

    /**
     * The packet.
     *
     * @return the packet
     * @throws IllegalArgumentException when option 53 or 82 is not well formed
     */
    public Packet build() {
        RelayInformation relay = options.bytes(OptionCode.RELAY_AGENT_INFORMATION)
                .map(RelayInformation::of)
                .orElse(null);
        MessageType type = null;
        if (options.has(OptionCode.MESSAGE_TYPE)) {
            int code = options.u8(OptionCode.MESSAGE_TYPE).orElse(0);
            type = MessageType.of(code).orElseThrow(() -> new IllegalArgumentException("bad message type"));
        }
        return new Packet(this, type, relay);
    }
}
