package org.anylease.server.isc.convert;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.anylease.server.config.OptionFields;
import org.anylease.server.config.OptionType;
import org.anylease.server.isc.syntax.OptionFormat;
import org.anylease.store.address.Octets;

/** Writes octets the way a type of our configuration has them. */
final class OptionYaml {
    private static final String LABEL = "[A-Za-z0-9_][A-Za-z0-9_-]{0,62}";

    private OptionYaml() {}

    /** The value in a type's notation, or nothing when the octets do not fit the type. */
    static Optional<String> of(OptionType type, Octets value) {
        try {
            return Optional.of(written(type, value));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    static String hex(Octets value) {
        return "0x" + value.toString().replace(":", "");
    }

    /** A text that YAML takes literally, whatever stands in it. */
    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
            } else if (c < ' ' || c == 0x7f || (c >= 0x80 && c < 0xa0) || c == 0x2028 || c == 0x2029 || c == 0xfeff) {
                quoted.append(String.format("\\u%04x", c));
            } else {
                quoted.appendCodePoint(c);
            }
        });
        return quoted.append('"').toString();
    }

    /** The type that fits what an ISC definition says. */
    static OptionType typeOf(OptionFormat format) {
        boolean one = format.fields().size() == 1;
        OptionFormat.FieldType first = format.fields().getFirst().type();
        boolean array = format.repeats() || format.fields().getLast().repeats();
        boolean pairs = format.fields().size() == 2
                && format.repeats()
                && format.fields().stream().allMatch(field -> field.type() == OptionFormat.FieldType.IP);
        if (!one || !format.encapsulates().isEmpty()) {
            return pairs ? OptionType.IPV4_PAIRS : OptionType.HEX;
        }
        return switch (first) {
            case BOOLEAN -> array ? OptionType.HEX : OptionType.BOOL;
            case UINT8 -> array ? OptionType.U8_LIST : OptionType.U8;
            case UINT16 -> array ? OptionType.U16_LIST : OptionType.U16;
            case UINT32 -> array ? OptionType.HEX : OptionType.U32;
            case INT32 -> array ? OptionType.HEX : OptionType.I32;
            case IP -> array ? OptionType.IPV4_LIST : OptionType.IPV4;
            case TEXT -> array ? OptionType.HEX : OptionType.TEXT;
            case DOMAIN -> array ? OptionType.DOMAIN_LIST : OptionType.DOMAIN;
            case DOMAIN_LIST -> OptionType.DOMAIN_LIST;
            case COMPRESSED_DOMAIN_LIST -> OptionType.COMPRESSED_DOMAIN_LIST;
            case INT8, INT16, IP6, STRING, EMPTY -> OptionType.HEX;
        };
    }

    private static String written(OptionType type, Octets value) {
        return switch (type) {
            case IPV4 -> OptionFields.address(OptionFields.exactly(value, 4));
            case IPV4_LIST ->
                list(OptionFields.chunks(value, 4).stream()
                        .map(OptionFields::address)
                        .toList());
            case IPV4_PAIRS ->
                list(OptionFields.chunks(value, 8).stream()
                        .map(pair -> "\"" + OptionFields.address(OptionFields.part(pair, 0, 4)) + " "
                                + OptionFields.address(OptionFields.part(pair, 4, 4)) + "\"")
                        .toList());
            case U8 -> Long.toString(OptionFields.number(OptionFields.exactly(value, 1)));
            case U16 -> Long.toString(OptionFields.number(OptionFields.exactly(value, 2)));
            case U32, SECONDS -> Long.toString(OptionFields.number(OptionFields.exactly(value, 4)));
            case I32 -> Integer.toString((int) OptionFields.number(OptionFields.exactly(value, 4)));
            case U8_LIST ->
                list(OptionFields.chunks(value, 1).stream()
                        .map(OptionYaml::decimal)
                        .toList());
            case U16_LIST ->
                list(OptionFields.chunks(value, 2).stream()
                        .map(OptionYaml::decimal)
                        .toList());
            case BOOL -> bool(OptionFields.exactly(value, 1).at(0));
            case TEXT -> text(value);
            case DOMAIN -> single(domains(value, 0));
            case DOMAIN_LIST, COMPRESSED_DOMAIN_LIST -> list(domains(value, 0));
            case ROUTES -> list(OptionFields.routes(value));
            case SIP_SERVERS ->
                value.at(0) == 1
                        ? written(OptionType.IPV4_LIST, OptionFields.part(value, 1, value.length() - 1))
                        : list(domains(value, 1));
            case HEX -> hex(nonEmpty(value));
            case SUBOPTIONS -> suboptions(value);
        };
    }

    private static String bool(int octet) {
        if (octet > 1) {
            throw new IllegalArgumentException(octet + " is neither true nor false");
        }
        return octet == 1 ? "true" : "false";
    }

    private static String text(Octets value) {
        if (value.isEmpty() || value.length() > 1024) {
            throw new IllegalArgumentException("too long or empty");
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value.toArray()))
                    .toString();
            if (text.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("not printable");
            }
            return quoted(text);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("not UTF-8", e);
        }
    }

    private static String decimal(Octets value) {
        return Long.toString(OptionFields.number(value));
    }

    private static String list(List<String> items) {
        if (items.isEmpty()) {
            throw new IllegalArgumentException("an empty list");
        }
        return "[" + String.join(", ", items) + "]";
    }

    private static String single(List<String> items) {
        if (items.size() != 1) {
            throw new IllegalArgumentException("not one");
        }
        return items.getFirst();
    }

    private static List<String> domains(Octets value, int offset) {
        List<String> names = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        int at = offset;
        while (at < value.length()) {
            int length = value.at(at);
            if (length == 0) {
                names.add(name(labels));
                labels.clear();
            } else {
                String label =
                        new String(OptionFields.part(value, at + 1, length).toArray(), StandardCharsets.ISO_8859_1);
                if (!label.matches(LABEL)) {
                    throw new IllegalArgumentException("not a label");
                }
                labels.add(label);
            }
            at += 1 + length;
        }
        if (!labels.isEmpty()) {
            throw new IllegalArgumentException("not ended");
        }
        return names;
    }

    private static String name(List<String> labels) {
        String name = String.join(".", labels);
        if (name.isEmpty() || name.length() > 253) {
            throw new IllegalArgumentException("the root, or too long");
        }
        return quoted(name);
    }

    private static String suboptions(Octets value) {
        List<String> inner = new ArrayList<>();
        List<Integer> codes = new ArrayList<>();
        for (int at = 0; at < value.length(); at += 2 + value.at(at + 1)) {
            int code = value.at(at);
            if (code < 1 || code > 254 || codes.contains(code)) {
                throw new IllegalArgumentException("not a map");
            }
            codes.add(code);
            inner.add(code + ": " + hex(nonEmpty(OptionFields.part(value, at + 2, value.at(at + 1)))));
        }
        return "{ " + String.join(", ", inner) + " }";
    }

    private static Octets nonEmpty(Octets value) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("nothing");
        }
        return value;
    }
}
