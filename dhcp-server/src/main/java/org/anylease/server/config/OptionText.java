package org.anylease.server.config;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.address.Prefix;

/** Option values for people: as a file would have them where that is possible, else as octets. */
public final class OptionText {
    private OptionText() {}

    /**
     * Writes an option's value.
     *
     * @param code the option
     * @param value its octets
     * @return such as {@code 10.0.0.1, 10.0.0.2}
     */
    public static String of(int code, Octets value) {
        OptionType type = KnownOptions.byCode(code).map(OptionDefinition::type).orElse(OptionType.HEX);
        try {
            return render(type, value);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return hex(value);
        }
    }

    private static String render(OptionType type, Octets value) {
        return switch (type) {
            case IPV4, IPV4_LIST ->
                String.join(
                        ", ", chunks(value, 4).stream().map(OptionText::address).toList());
            case IPV4_PAIRS ->
                String.join(
                        ", ",
                        chunks(value, 8).stream()
                                .map(pair -> address(part(pair, 0, 4)) + " " + address(part(pair, 4, 4)))
                                .toList());
            case U8, U8_LIST -> numbers(value, 1);
            case U16, U16_LIST -> numbers(value, 2);
            case U32 -> numbers(value, 4);
            case I32 -> Integer.toString((int) number(exactly(value, 4)));
            case SECONDS -> DurationText.format(Duration.ofSeconds(number(exactly(value, 4))));
            case BOOL -> number(exactly(value, 1)) == 0 ? "false" : "true";
            case TEXT -> text(value);
            case DOMAIN, DOMAIN_LIST, COMPRESSED_DOMAIN_LIST -> String.join(", ", DomainNames.decode(value, 0));
            case ROUTES -> routes(value);
            case SIP_SERVERS ->
                value.at(0) == 1
                        ? render(OptionType.IPV4_LIST, part(value, 1, value.length() - 1))
                        : String.join(", ", DomainNames.decode(value, 1));
            case HEX, SUBOPTIONS -> hex(value);
        };
    }

    private static String hex(Octets value) {
        return "0x" + value.toString().replace(":", "");
    }

    private static String text(Octets value) {
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value.toArray()));
            boolean printable = text.chars().noneMatch(Character::isISOControl);
            return printable ? "\"" + text + "\"" : hex(value);
        } catch (CharacterCodingException e) {
            return hex(value);
        }
    }

    private static String routes(Octets value) {
        List<String> routes = new ArrayList<>();
        for (int at = 0; at < value.length(); ) {
            int length = value.at(at);
            int significant = (length + 7) / 8;
            byte[] network = new byte[4];
            part(value, at + 1, significant).copyTo(network, 0);
            Prefix to = new Prefix(new Ipv4((int) number(Octets.of(network))), length);
            routes.add(to + " via " + address(part(value, at + 1 + significant, 4)));
            at += 1 + significant + 4;
        }
        return String.join(", ", routes);
    }

    private static String numbers(Octets value, int width) {
        return String.join(
                ", ",
                chunks(value, width).stream()
                        .map(chunk -> Long.toString(number(chunk)))
                        .toList());
    }

    private static String address(Octets value) {
        return new Ipv4((int) number(exactly(value, 4))).toString();
    }

    private static long number(Octets value) {
        long number = 0;
        for (int i = 0; i < value.length(); i++) {
            number = number << 8 | value.at(i);
        }
        return number;
    }

    private static Octets exactly(Octets value, int length) {
        if (value.length() != length) {
            throw new IllegalArgumentException("expected " + length + " octets, not " + value.length());
        }
        return value;
    }

    private static Octets part(Octets value, int offset, int length) {
        if (offset + length > value.length()) {
            throw new IllegalArgumentException("the value ends early");
        }
        return Octets.of(value.toArray(), offset, length);
    }

    private static List<Octets> chunks(Octets value, int width) {
        if (value.isEmpty() || value.length() % width != 0) {
            throw new IllegalArgumentException("the value does not consist of " + width + " octets each");
        }
        List<Octets> chunks = new ArrayList<>();
        for (int at = 0; at < value.length(); at += width) {
            chunks.add(part(value, at, width));
        }
        return chunks;
    }
}
