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
    Packet(PacketBuilder from, @Nullable MessageType messageType, @Nullable RelayInformation relayInformation) {
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
    public static PacketBuilder builder() {
        return new PacketBuilder();
    }

    /**
     * A builder that starts with this packet's fields.
     *
     * @return a new builder
     */
    public PacketBuilder toBuilder() {
        PacketBuilder builder = new PacketBuilder();
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
}
