package org.anylease.server.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.anylease.store.address.Ipv4;
import org.jspecify.annotations.Nullable;

/**
 * A DHCPv4 or BOOTP message (RFC 2131 §2, RFC 951 §3). Immutable, and well formed if it exists: its message type is a
 * registered one, its relay agent information adds up.
 */
public final class Packet {
    /** The most {@code sname} holds. */
    public static final int SNAME_BYTES_MAX = HeaderLayout.SNAME_BYTES;

    /** The most {@code file} holds. */
    public static final int FILE_BYTES_MAX = HeaderLayout.FILE_BYTES;

    static final byte[] NO_BYTES = {};

    private final BootpOp op;
    private final HardwareAddress hardware;
    private final int hops;
    private final int xid;
    private final int secs;
    private final int flags;
    private final Ipv4 ciaddr;
    private final Ipv4 yiaddr;
    private final Ipv4 siaddr;
    private final Ipv4 giaddr;
    private final byte[] sname;
    private final byte[] file;
    private final Options options;
    private final @Nullable MessageType messageType;
    private final @Nullable RelayInformation relayInformation;

    /** Takes over the builder's fields; type and relay information are those in its options. */
    Packet(Builder from, @Nullable MessageType messageType, @Nullable RelayInformation relayInformation) {
        op = from.op;
        hardware = from.hardware;
        hops = from.hops;
        xid = from.xid;
        secs = from.secs;
        flags = from.flags;
        ciaddr = from.ciaddr;
        yiaddr = from.yiaddr;
        siaddr = from.siaddr;
        giaddr = from.giaddr;
        sname = from.sname;
        file = from.file;
        options = from.options;
        this.messageType = messageType;
        this.relayInformation = relayInformation;
    }

    /**
     * A builder of a request with every field zero and no options.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * A builder that starts with this packet's fields.
     *
     * @return a new builder
     */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.op = op;
        builder.hardware = hardware;
        builder.hops = hops;
        builder.xid = xid;
        builder.secs = secs;
        builder.flags = flags;
        builder.ciaddr = ciaddr;
        builder.yiaddr = yiaddr;
        builder.siaddr = siaddr;
        builder.giaddr = giaddr;
        builder.sname = sname;
        builder.file = file;
        builder.options = options;
        return builder;
    }

    /**
     * Field {@code op}.
     *
     * @return the direction
     */
    public BootpOp op() {
        return op;
    }

    /**
     * Fields {@code htype}, {@code hlen} and {@code chaddr}.
     *
     * @return the client's hardware address
     */
    public HardwareAddress hardware() {
        return hardware;
    }

    /**
     * Field {@code hops}.
     *
     * @return how many relays the message passed, 0 to 255
     */
    public int hops() {
        return hops;
    }

    /**
     * Field {@code xid}.
     *
     * @return the transaction the client chose, any 32 bits
     */
    public int xid() {
        return xid;
    }

    /**
     * Field {@code secs}.
     *
     * @return seconds since the client began, 0 to 65535
     */
    public int secs() {
        return secs;
    }

    /**
     * Field {@code flags}.
     *
     * @return 0 to 65535; all but {@link #broadcast()} must be zero (RFC 2131 §2)
     */
    public int flags() {
        return flags;
    }

    /**
     * The broadcast bit: the client cannot take unicast yet (RFC 2131 §4.1).
     *
     * @return true when set
     */
    public boolean broadcast() {
        return (flags & HeaderLayout.BROADCAST) != 0;
    }

    /**
     * Field {@code ciaddr}.
     *
     * @return the address the client has and answers on, or 0.0.0.0
     */
    public Ipv4 ciaddr() {
        return ciaddr;
    }

    /**
     * Field {@code yiaddr}.
     *
     * @return the address the client is given, or 0.0.0.0
     */
    public Ipv4 yiaddr() {
        return yiaddr;
    }

    /**
     * Field {@code siaddr}.
     *
     * @return the next server of a client that boots, or 0.0.0.0
     */
    public Ipv4 siaddr() {
        return siaddr;
    }

    /**
     * Field {@code giaddr}.
     *
     * @return the first relay, or 0.0.0.0
     */
    public Ipv4 giaddr() {
        return giaddr;
    }

    /**
     * Field {@code sname} without the zeros at its end; no bytes where it held options.
     *
     * @return a copy of at most 64 bytes
     */
    public byte[] sname() {
        return sname.clone();
    }

    /**
     * Field {@code file} without the zeros at its end; no bytes where it held options.
     *
     * @return a copy of at most 128 bytes
     */
    public byte[] file() {
        return file.clone();
    }

    /**
     * Field {@code sname} as a name: up to the first NUL (RFC 2131 §2), in ISO 8859-1. Not option 66.
     *
     * @return the name, or empty when there is none
     */
    public Optional<String> serverName() {
        return name(sname);
    }

    /**
     * Field {@code file} as a name: up to the first NUL (RFC 2131 §2), in ISO 8859-1. Not option 67.
     *
     * @return the name, or empty when there is none
     */
    public Optional<String> bootFile() {
        return name(file);
    }

    boolean hasSname() {
        return sname.length > 0;
    }

    boolean hasFile() {
        return file.length > 0;
    }

    void copySname(byte[] target, int at) {
        System.arraycopy(sname, 0, target, at, sname.length);
    }

    void copyFile(byte[] target, int at) {
        System.arraycopy(file, 0, target, at, file.length);
    }

    private static Optional<String> name(byte[] field) {
        int length = 0;
        while (length < field.length && field[length] != 0) {
            length++;
        }
        return length == 0 ? Optional.empty() : Optional.of(new String(field, 0, length, StandardCharsets.ISO_8859_1));
    }

    /**
     * The options.
     *
     * @return the options, all of them
     */
    public Options options() {
        return options;
    }

    /**
     * The message type, option 53.
     *
     * @return the type; empty for a BOOTP message
     */
    public Optional<MessageType> messageType() {
        return Optional.ofNullable(messageType);
    }

    /**
     * Whether this is BOOTP and not DHCP: it has no message type (RFC 1534 §2).
     *
     * @return true for BOOTP
     */
    public boolean isBootp() {
        return messageType == null;
    }

    /**
     * Relay agent information, option 82.
     *
     * @return what the relay added; empty when absent
     */
    public Optional<RelayInformation> relayInformation() {
        return Optional.ofNullable(relayInformation);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Packet that
                && xid == that.xid
                && op == that.op
                && hops == that.hops
                && secs == that.secs
                && flags == that.flags
                && hardware.equals(that.hardware)
                && ciaddr.equals(that.ciaddr)
                && yiaddr.equals(that.yiaddr)
                && siaddr.equals(that.siaddr)
                && giaddr.equals(that.giaddr)
                && Arrays.equals(sname, that.sname)
                && Arrays.equals(file, that.file)
                && options.equals(that.options);
    }

    @Override
    public int hashCode() {
        return Objects.hash(xid, op.code(), hardware, yiaddr, ciaddr, options);
    }

    /** The packet on several lines, as {@link PacketText} shows it. */
    @Override
    public String toString() {
        return PacketText.of(this);
    }

    /** Collects the fields of a packet. Not for several threads at once. */
    public static final class Builder {
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
        byte[] sname = NO_BYTES;
        byte[] file = NO_BYTES;
        Options options = Options.EMPTY;

        Builder() {}

        /**
         * Sets field {@code op}.
         *
         * @param value the direction
         * @return this builder
         */
        public Builder op(BootpOp value) {
            op = value;
            return this;
        }

        /**
         * Sets fields {@code htype}, {@code hlen} and {@code chaddr}.
         *
         * @param value the client's hardware address
         * @return this builder
         */
        public Builder hardware(HardwareAddress value) {
            hardware = value;
            return this;
        }

        /**
         * Sets field {@code hops}.
         *
         * @param value 0 to 255
         * @return this builder
         */
        public Builder hops(int value) {
            hops = inRange("hops", value, 0xff);
            return this;
        }

        /**
         * Sets field {@code xid}.
         *
         * @param value any 32 bits
         * @return this builder
         */
        public Builder xid(int value) {
            xid = value;
            return this;
        }

        /**
         * Sets field {@code secs}.
         *
         * @param value 0 to 65535
         * @return this builder
         */
        public Builder secs(int value) {
            secs = inRange("secs", value, 0xffff);
            return this;
        }

        /**
         * Sets field {@code flags}.
         *
         * @param value 0 to 65535
         * @return this builder
         */
        public Builder flags(int value) {
            flags = inRange("flags", value, 0xffff);
            return this;
        }

        /**
         * Sets or clears the broadcast bit of {@code flags}.
         *
         * @param value whether it is set
         * @return this builder
         */
        public Builder broadcast(boolean value) {
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
        public Builder ciaddr(Ipv4 value) {
            ciaddr = value;
            return this;
        }

        /**
         * Sets field {@code yiaddr}.
         *
         * @param value the address the client is given
         * @return this builder
         */
        public Builder yiaddr(Ipv4 value) {
            yiaddr = value;
            return this;
        }

        /**
         * Sets field {@code siaddr}.
         *
         * @param value the next server
         * @return this builder
         */
        public Builder siaddr(Ipv4 value) {
            siaddr = value;
            return this;
        }

        /**
         * Sets field {@code giaddr}.
         *
         * @param value the relay
         * @return this builder
         */
        public Builder giaddr(Ipv4 value) {
            giaddr = value;
            return this;
        }

        /**
         * Sets field {@code sname}; zeros at the end do not count.
         *
         * @param value at most 64 bytes; copied
         * @return this builder
         */
        public Builder sname(byte... value) {
            sname = field("sname", value, SNAME_BYTES_MAX);
            return this;
        }

        /**
         * Sets field {@code file}; zeros at the end do not count.
         *
         * @param value at most 128 bytes; copied
         * @return this builder
         */
        public Builder file(byte... value) {
            file = field("file", value, FILE_BYTES_MAX);
            return this;
        }

        /**
         * Sets field {@code sname} to a name.
         *
         * @param value at most 63 characters up to U+00FF, which leaves room for the NUL
         * @return this builder
         */
        public Builder serverName(String value) {
            return sname(name("sname", value, SNAME_BYTES_MAX - 1));
        }

        /**
         * Sets field {@code file} to a name.
         *
         * @param value at most 127 characters up to U+00FF, which leaves room for the NUL
         * @return this builder
         */
        public Builder bootFile(String value) {
            return file(name("file", value, FILE_BYTES_MAX - 1));
        }

        private static byte[] name(String field, String value, int max) {
            if (value.length() > max || !value.chars().allMatch(c -> c > 0 && c <= 255)) {
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
            return length == 0 ? NO_BYTES : Arrays.copyOf(value, length);
        }

        /**
         * Sets the options.
         *
         * @param value all options
         * @return this builder
         */
        public Builder options(Options value) {
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
}
