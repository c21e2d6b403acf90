package org.anylease.server.wire;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.anylease.store.address.Ipv4;

/**
 * Packets as text to read: a line for each field that is set and for each option. Ends with a newline.
 *
 * <p>Whatever a sender put into text is escaped, so a rendering has only printable ASCII in it and no forged lines.
 */
public final class PacketText {
    private static final HexFormat HEX = HexFormat.of();

    private PacketText() {}

    /**
     * Renders the outcome of decoding.
     *
     * @param decoded a packet, or why it is none
     * @return the packet, or a line with the reason
     */
    public static String of(Decoded decoded) {
        return switch (decoded) {
            case Decoded.Ok ok -> of(ok.packet());
            case Decoded.Malformed bad -> "MALFORMED " + bad.reason() + ": " + bad.detail() + "\n";
        };
    }

    /**
     * Renders a packet.
     *
     * @param packet the packet
     * @return several lines
     */
    public static String of(Packet packet) {
        StringBuilder text = new StringBuilder(512);
        text.append("BOOT").append(packet.op()).append(' ');
        text.append(packet.messageType().map(MessageType::name).orElse("(BOOTP)"))
                .append('\n');
        field(text, "client", packet.hardware().toString());
        field(text, "xid", "0x" + HEX.toHexDigits(packet.xid()));
        number(text, "hops", packet.hops());
        number(text, "secs", packet.secs());
        if (packet.flags() != 0) {
            String broadcast = packet.broadcast() ? " broadcast" : "";
            field(text, "flags", "0x" + HEX.toHexDigits((short) packet.flags()) + broadcast);
        }
        address(text, "ciaddr", packet.ciaddr());
        address(text, "yiaddr", packet.yiaddr());
        address(text, "siaddr", packet.siaddr());
        address(text, "giaddr", packet.giaddr());
        name(text, "sname", packet.sname());
        name(text, "file", packet.file());
        return text.append(of(packet.options())).toString();
    }

    private static void field(StringBuilder text, String name, String value) {
        text.append("  ")
                .append(name)
                .repeat(' ', 8 - name.length())
                .append(value)
                .append('\n');
    }

    private static void number(StringBuilder text, String name, int value) {
        if (value != 0) {
            field(text, name, Integer.toString(value));
        }
    }

    private static void address(StringBuilder text, String name, Ipv4 value) {
        if (!value.isUnspecified()) {
            field(text, name, value.toString());
        }
    }

    private static void name(StringBuilder text, String name, byte[] value) {
        if (value.length > 0) {
            field(text, name, quoted(value));
        }
    }

    /**
     * Renders options.
     *
     * @param options the options
     * @return a line for each, and one for each relay sub-option
     */
    public static String of(Options options) {
        StringBuilder text = new StringBuilder(256);
        for (int i = 0; i < options.size(); i++) {
            option(text, options.codeAt(i), options.valueAt(i));
        }
        return text.toString();
    }

    private static void option(StringBuilder text, int code, byte[] value) {
        text.append("  option ").append(code).append(' ').append(OptionCode.name(code));
        OptionFormat format = OptionRegistry.format(code);
        if (!format.fits(value.length)) {
            text.append(": wrong length ")
                    .append(value.length)
                    .append(", ")
                    .append(opaque(value))
                    .append('\n');
        } else if (format == OptionFormat.RELAY && RelayInformation.flaw(value) == null) {
            text.append('\n');
            RelayInformation.trusted(value)
                    .forEach((subCode, subValue) -> text.append("    ")
                            .append(subCode)
                            .append(' ')
                            .append(RelayInformation.name(subCode))
                            .append(subValue.length == 0 ? "" : ": " + subOption(subCode, subValue))
                            .append('\n'));
        } else {
            text.append(value.length == 0 ? "" : ": " + shown(format, value)).append('\n');
        }
    }

    private static String subOption(int code, byte[] value) {
        return switch (code) {
            case RelayInformation.LINK_SELECTION, RelayInformation.SERVER_ID_OVERRIDE ->
                shown(OptionFormat.ADDRESS, value);
            default -> opaque(value);
        };
    }

    private static String shown(OptionFormat format, byte[] value) {
        return switch (format) {
            case TEXT -> quoted(value);
            case U8, U16, U32 -> Long.toString(unsigned(value, 0, value.length));
            case S32 -> Integer.toString((int) unsigned(value, 0, 4));
            case U16S -> list(value, 2, at -> Long.toString(unsigned(value, at, 2)));
            case ADDRESS, ADDRESSES, ADDRESSES_OR_NONE ->
                list(value, 4, at -> new Ipv4((int) unsigned(value, at, 4)).toString());
            case ADDRESS_PAIRS ->
                list(
                        value,
                        8,
                        at -> new Ipv4((int) unsigned(value, at, 4)) + " "
                                + new Ipv4((int) unsigned(value, at + 4, 4)));
            case CODES -> list(value, 1, at -> Integer.toString(value[at] & 255));
            case MESSAGE_TYPE -> MessageType.of(value[0]).map(MessageType::name).orElse(opaque(value));
            case ANY, EMPTY, BYTES, BYTES_2, BYTES_3, RELAY -> opaque(value);
        };
    }

    private static String list(byte[] value, int step, IntFunction<String> shown) {
        return IntStream.iterate(0, at -> at < value.length, at -> at + step)
                .mapToObj(shown)
                .collect(Collectors.joining(", "));
    }

    private static long unsigned(byte[] value, int from, int length) {
        long number = 0;
        for (int i = from; i < from + length; i++) {
            number = number << 8 | (value[i] & 255);
        }
        return number;
    }

    /** Hex, and the text too where it looks like one. */
    private static String opaque(byte[] value) {
        boolean printable = value.length >= 3;
        for (byte octet : value) {
            printable &= octet >= 0x20 && octet < 0x7f;
        }
        return "0x" + HEX.formatHex(value) + (printable ? " " + quoted(value) : "");
    }

    private static String quoted(byte[] value) {
        StringBuilder text = new StringBuilder("\"");
        for (char c : new String(value, StandardCharsets.ISO_8859_1).toCharArray()) {
            if (c < 0x20 || c >= 0x7f) {
                text.append("\\x").append(HEX.toHexDigits((byte) c));
            } else {
                text.append(c == '"' || c == '\\' ? "\\" : "").append(c);
            }
        }
        return text.append('"').toString();
    }
}
