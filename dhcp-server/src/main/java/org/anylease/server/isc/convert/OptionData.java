package org.anylease.server.isc.convert;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.anylease.server.isc.syntax.OptionFormat;
import org.anylease.server.isc.syntax.OptionFormat.Field;
import org.anylease.server.isc.syntax.OptionFormat.FieldType;
import org.anylease.server.isc.syntax.Piece;
import org.anylease.server.isc.syntax.Value;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;

/** Encodes an option's value as its format says. */
final class OptionData {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final OptionFormat format;

    private OptionData(OptionFormat format) {
        this.format = format;
    }

    static Octets encode(OptionFormat format, Value.Data data) throws MalformedData {
        OptionData encoded = new OptionData(format);
        encoded.all(data.items());
        return Octets.of(encoded.out.toByteArray());
    }

    /** Commas stand between the repetitions of an array, and between domain names; space stands between fields. */
    private void all(List<List<Piece>> items) throws MalformedData {
        List<Field> fields = format.fields();
        if (fields.size() == 1 && fields.getFirst().type() == FieldType.EMPTY) {
            if (!items.isEmpty()) {
                throw new MalformedData(items.getFirst().getFirst(), "the option holds nothing");
            }
            return;
        }
        if (items.isEmpty()) {
            throw new MalformedData(null, "nothing is given");
        }
        Field last = fields.getLast();
        boolean list = last.type() == FieldType.DOMAIN_LIST || last.type() == FieldType.COMPRESSED_DOMAIN_LIST;
        for (int i = 0; i < items.size(); i++) {
            List<Piece> item = items.get(i);
            if (i > 0 && !format.repeats() && !last.repeats() && !list) {
                throw new MalformedData(item.getFirst(), "the option holds one value only, but another follows");
            }
            boolean whole = i == 0 || format.repeats();
            record(whole ? fields : List.of(last), item);
        }
    }

    private void record(List<Field> fields, List<Piece> item) throws MalformedData {
        for (int i = 0; i < fields.size(); i++) {
            if (i >= item.size()) {
                throw new MalformedData(
                        item.getLast(),
                        "a value is missing behind '" + item.getLast().text() + "'");
            }
            field(fields.get(i).type(), item.get(i));
        }
        if (item.size() > fields.size()) {
            throw new MalformedData(
                    item.get(fields.size()),
                    "'" + item.get(fields.size()).text() + "' is too much here: is a ',' or ';' missing before it?");
        }
    }

    private void field(FieldType type, Piece piece) throws MalformedData {
        switch (type) {
            case BOOLEAN -> out.write(flag(piece) ? 1 : 0);
            case INT8 -> number(piece, -128, 255, 1);
            case UINT8 -> number(piece, 0, 255, 1);
            case INT16 -> number(piece, -32768, 65535, 2);
            case UINT16 -> number(piece, 0, 65535, 2);
            case INT32 -> number(piece, Integer.MIN_VALUE, 0xffff_ffffL, 4);
            case UINT32 -> number(piece, -1, 0xffff_ffffL, 4);
            case IP -> out.writeBytes(address(piece));
            case IP6 -> out.writeBytes(Ipv6Text.parse(piece));
            case TEXT -> out.writeBytes(text(piece));
            case STRING ->
                out.writeBytes(piece.quoted() ? bytes(piece) : octets(piece).toArray());
            case DOMAIN, DOMAIN_LIST, COMPRESSED_DOMAIN_LIST -> domain(piece);
            case EMPTY -> throw new MalformedData(piece, "the option holds nothing");
        }
    }

    static boolean flag(Piece piece) throws MalformedData {
        return switch (piece.text().toLowerCase(Locale.ROOT)) {
            case "true", "on" -> true;
            case "false", "off" -> false;
            default -> throw new MalformedData(piece, "'" + piece.text() + "' is neither true, on, false nor off");
        };
    }

    static long number(Piece piece, long min, long max) throws MalformedData {
        long number;
        try {
            String text = piece.text().toLowerCase(Locale.ROOT);
            number = text.startsWith("0x") ? Long.parseLong(text.substring(2), 16) : Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new MalformedData(piece, "'" + piece.text() + "' is no number");
        }
        if (piece.quoted() || number < min || number > max) {
            throw new MalformedData(piece, "'" + piece.text() + "' is no number from " + min + " to " + max);
        }
        return number;
    }

    private void number(Piece piece, long min, long max, int width) throws MalformedData {
        byte[] all =
                ByteBuffer.allocate(Long.BYTES).putLong(number(piece, min, max)).array();
        out.write(all, Long.BYTES - width, width);
    }

    static byte[] bytes(Piece piece) {
        return piece.text().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] text(Piece piece) throws MalformedData {
        if (!piece.quoted()) {
            throw new MalformedData(piece, "'" + piece.text() + "' must stand in quotes");
        }
        return bytes(piece);
    }

    static byte[] address(Piece piece) throws MalformedData {
        return ByteBuffer.allocate(4).putInt(ipv4(piece).bits()).array();
    }

    static Ipv4 ipv4(Piece piece) throws MalformedData {
        try {
            return Ipv4.parse(piece.text());
        } catch (IllegalArgumentException e) {
            boolean name = piece.text().matches("[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z])[A-Za-z0-9.-]*");
            throw new MalformedData(
                    piece,
                    "'" + piece.text() + "' "
                            + (name ? "is a name, which dhcpd looks up in DNS" : "is no IPv4 address"),
                    name);
        }
    }

    static Octets octets(Piece piece) throws MalformedData {
        String[] parts = piece.text().split(":", -1);
        byte[] octets = new byte[parts.length];
        for (int i = 0; i < parts.length; i++) {
            if (!parts[i].matches("[0-9a-fA-F]{1,2}")) {
                throw new MalformedData(
                        piece, "'" + piece.text() + "' is neither octets like 01:02 nor text in quotes");
            }
            octets[i] = (byte) Integer.parseInt(parts[i], 16);
        }
        return Octets.of(octets);
    }

    private void domain(Piece piece) throws MalformedData {
        String name = piece.text().endsWith(".")
                ? piece.text().substring(0, piece.text().length() - 1)
                : piece.text();
        for (String label : name.split("\\.", -1)) {
            if (label.isEmpty() || label.length() > 63) {
                throw new MalformedData(piece, "'" + piece.text() + "' is no domain name");
            }
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.ISO_8859_1));
        }
        out.write(0);
    }
}
