package org.anylease.server.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.anylease.store.address.Ipv4;
import org.jspecify.annotations.Nullable;

/**
 * What a relay said about a client: option 82 (RFC 3046). Immutable.
 *
 * <p>Keeps the bytes as they came, because a reply echoes them untouched (RFC 3046 §2.2). An instance is well formed: its
 * sub-options fill it exactly, and link selection, server identifier override and flags have their lengths. Sub-options
 * know neither Pad nor End (RFC 3046 §2.0). Of a repeated sub-option the first counts: splitting (RFC 3396) is for options.
 */
public final class RelayInformation {
    /** Agent Circuit ID: the port or circuit the request came in by (RFC 3046 §3.1). */
    public static final int CIRCUIT_ID = 1;
    /** Agent Remote ID: who is at the far end of the circuit (RFC 3046 §3.2). */
    public static final int REMOTE_ID = 2;
    /** Link selection: the subnet, where {@code giaddr} does not say it (RFC 3527 §3). */
    public static final int LINK_SELECTION = 5;
    /** Subscriber-ID: a name that stays when the circuit changes (RFC 3993 §3). */
    public static final int SUBSCRIBER_ID = 6;
    /** Relay agent flags (RFC 5010 §3). */
    public static final int FLAGS = 10;
    /** Server Identifier Override: what option 54 shall say (RFC 5107 §4). */
    public static final int SERVER_ID_OVERRIDE = 11;
    /** Relay agent identifier: which relay it was, by whichever address it spoke (RFC 6925 §4). */
    public static final int RELAY_ID = 12;
    /** Relay source port: reply to the port the request came from (RFC 8357 §4). */
    public static final int SOURCE_PORT = 19;
    /** Virtual subnet selection (RFC 6607 §3.2). */
    public static final int VIRTUAL_SUBNET = 151;
    /** Virtual subnet selection control: taken out of the reply by a server that obeyed (RFC 6607 §3.2). */
    public static final int VIRTUAL_SUBNET_CONTROL = 152;

    /** The bit in {@link #FLAGS} that says the client spoke unicast (RFC 5010 §3). */
    public static final int FLAG_UNICAST = 0x80;

    private static final int PREFIX = 2;

    private final byte[] bytes;

    private RelayInformation(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Relay information from the value of option 82.
     *
     * @param value the value; copied
     * @return the information
     * @throws IllegalArgumentException when the value is not well formed
     */
    public static RelayInformation of(byte... value) {
        String flaw = flaw(value);
        if (flaw != null) {
            throw new IllegalArgumentException("bad relay agent information: " + flaw);
        }
        return new RelayInformation(value.clone());
    }

    /** Relay information whose value {@link #flaw} found good, taken over. */
    static RelayInformation trusted(byte[] value) {
        return new RelayInformation(value);
    }

    /** What is wrong with a value of option 82, or null. */
    static @Nullable String flaw(byte[] value) {
        if (value.length == 0) {
            return "no sub-option";
        }
        int at = 0;
        while (at < value.length) {
            int code = value[at] & 255;
            int next = at + 1 == value.length ? value.length + 1 : at + PREFIX + (value[at + 1] & 255);
            if (next > value.length) {
                return "sub-option " + code + " runs past the end";
            }
            int length = next - at - PREFIX;
            int due = switch (code) {
                case LINK_SELECTION, SERVER_ID_OVERRIDE -> 4;
                case FLAGS -> 1;
                default -> length;
            };
            if (length != due) {
                return "sub-option " + code + " has " + length + " bytes, not " + due;
            }
            at = next;
        }
        return null;
    }

    /**
     * The registry's name of a sub-option ("DHCP Relay Agent Sub-Option Codes").
     *
     * @param code 0 to 255
     * @return the name, or {@code Unassigned 99}
     */
    public static String name(int code) {
        return switch (code) {
            case CIRCUIT_ID -> "Agent Circuit ID";
            case REMOTE_ID -> "Agent Remote ID";
            case 4 -> "DOCSIS Device Class";
            case LINK_SELECTION -> "Link selection";
            case SUBSCRIBER_ID -> "Subscriber-ID";
            case 7 -> "RADIUS Attributes";
            case 8 -> "Authentication";
            case 9 -> "Vendor-Specific Information";
            case FLAGS -> "Relay Agent Flags";
            case SERVER_ID_OVERRIDE -> "Server Identifier Override";
            case RELAY_ID -> "Relay Agent Identifier";
            case 13 -> "Access-Technology-Type";
            case 14 -> "Access-Network-Name";
            case 15 -> "Access-Point-Name";
            case 16 -> "Access-Point-BSSID";
            case 17 -> "Operator-Identifier";
            case 18 -> "Operator-Realm";
            case SOURCE_PORT -> "Source Port";
            case VIRTUAL_SUBNET -> "Virtual Subnet Selection";
            case VIRTUAL_SUBNET_CONTROL -> "Virtual Subnet Selection Control";
            default -> "Unassigned " + code;
        };
    }

    /**
     * The value of option 82, to be echoed.
     *
     * @return a copy
     */
    public byte[] bytes() {
        return bytes.clone();
    }

    /**
     * The codes of the sub-options in order, repeated ones too.
     *
     * @return a new list, never empty
     */
    public List<Integer> codes() {
        List<Integer> codes = new ArrayList<>();
        for (int at = 0; at < bytes.length; at = after(at)) {
            codes.add(bytes[at] & 255);
        }
        return codes;
    }

    private int after(int at) {
        return at + PREFIX + (bytes[at + 1] & 255);
    }

    private int find(int code) {
        for (int at = 0; at < bytes.length; at = after(at)) {
            if ((bytes[at] & 255) == code) {
                return at;
            }
        }
        return -1;
    }

    /**
     * Whether a sub-option is present.
     *
     * @param code the sub-option
     * @return true when present
     */
    public boolean has(int code) {
        return find(code) >= 0;
    }

    /**
     * The value of a sub-option.
     *
     * @param code the sub-option
     * @return a copy of its first instance's value, possibly of no bytes; empty when absent
     */
    public Optional<byte[]> subOption(int code) {
        int at = find(code);
        return at < 0 ? Optional.empty() : Optional.of(Arrays.copyOfRange(bytes, at + PREFIX, after(at)));
    }

    private Optional<Ipv4> ipv4(int code) {
        int at = find(code) + PREFIX;
        if (at < PREFIX) {
            return Optional.empty();
        }
        int high = bytes[at] << 24 | (bytes[at + 1] & 255) << 16;
        return Optional.of(new Ipv4(high | (bytes[at + 2] & 255) << 8 | (bytes[at + 3] & 255)));
    }

    /**
     * Agent Circuit ID (RFC 3046 §3.1).
     *
     * @return a copy, or empty when absent
     */
    public Optional<byte[]> circuitId() {
        return subOption(CIRCUIT_ID);
    }

    /**
     * Agent Remote ID (RFC 3046 §3.2).
     *
     * @return a copy, or empty when absent
     */
    public Optional<byte[]> remoteId() {
        return subOption(REMOTE_ID);
    }

    /**
     * Link selection: an address on the client's subnet, to be preferred to {@code giaddr} (RFC 3527 §3).
     *
     * @return the address, or empty when absent
     */
    public Optional<Ipv4> linkSelection() {
        return ipv4(LINK_SELECTION);
    }

    /**
     * Subscriber-ID (RFC 3993 §3).
     *
     * @return a copy, or empty when absent
     */
    public Optional<byte[]> subscriberId() {
        return subOption(SUBSCRIBER_ID);
    }

    /**
     * Relay agent flags (RFC 5010 §3).
     *
     * @return 0 to 255, with {@link #FLAG_UNICAST}; empty when absent
     */
    public OptionalInt flags() {
        int at = find(FLAGS);
        return at < 0 ? OptionalInt.empty() : OptionalInt.of(bytes[at + PREFIX] & 255);
    }

    /**
     * Server Identifier Override: the address the client shall take for its server's (RFC 5107 §4).
     *
     * @return the address, or empty when absent
     */
    public Optional<Ipv4> serverIdOverride() {
        return ipv4(SERVER_ID_OVERRIDE);
    }

    /**
     * Whether the reply goes to the UDP port the request came from instead of 67 (RFC 8357 §4). The sub-option carries
     * nothing; should a relay fill it, presence still decides.
     *
     * @return true when the sub-option is present
     */
    public boolean sourcePort() {
        return has(SOURCE_PORT);
    }

    /**
     * Virtual subnet selection: type and identifier of the VPN (RFC 6607 §3.2).
     *
     * @return a copy, or empty when absent
     */
    public Optional<byte[]> virtualSubnet() {
        return subOption(VIRTUAL_SUBNET);
    }

    /**
     * Whether the relay wants to see that its virtual subnet selection was obeyed (RFC 6607 §3.2).
     *
     * @return true when the control sub-option is present
     */
    public boolean virtualSubnetControl() {
        return has(VIRTUAL_SUBNET_CONTROL);
    }

    /**
     * What a server echoes that obeyed the virtual subnet selection: all but the control sub-option (RFC 6607 §3.2).
     *
     * @return this information without sub-option 152; unchanged when nothing else would be left
     */
    public RelayInformation virtualSubnetObeyed() {
        byte[] kept = new byte[bytes.length];
        int length = 0;
        for (int at = 0; at < bytes.length; at = after(at)) {
            if ((bytes[at] & 255) != VIRTUAL_SUBNET_CONTROL) {
                System.arraycopy(bytes, at, kept, length, after(at) - at);
                length += after(at) - at;
            }
        }
        return length == 0 || length == bytes.length ? this : new RelayInformation(Arrays.copyOf(kept, length));
    }

    /** Shows each sub-option, repeated ones too, by code and value. */
    void forEach(SubOptionVisitor visitor) {
        for (int at = 0; at < bytes.length; at = after(at)) {
            visitor.visit(bytes[at] & 255, Arrays.copyOfRange(bytes, at + PREFIX, after(at)));
        }
    }

    /** Sees the sub-options one by one. */
    interface SubOptionVisitor {
        void visit(int code, byte[] value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RelayInformation that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The bytes in hex. */
    @Override
    public String toString() {
        return "RelayInformation[" + HexFormat.of().formatHex(bytes) + "]";
    }
}
