package org.anylease.server.config;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.anylease.store.address.Octets;

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
                        ", ",
                        OptionFields.chunks(value, 4).stream()
                                .map(OptionFields::address)
                                .toList());
            case IPV4_PAIRS ->
                String.join(
                        ", ",
                        OptionFields.chunks(value, 8).stream()
                                .map(pair -> OptionFields.address(OptionFields.part(pair, 0, 4)) + " "
                                        + OptionFields.address(OptionFields.part(pair, 4, 4)))
                                .toList());
            case U8, U8_LIST -> numbers(value, 1);
            case U16, U16_LIST -> numbers(value, 2);
            case U32 -> numbers(value, 4);
            case I32 -> Integer.toString((int) OptionFields.number(OptionFields.exactly(value, 4)));
            case SECONDS ->
                DurationText.format(Duration.ofSeconds(OptionFields.number(OptionFields.exactly(value, 4))));
            case BOOL -> OptionFields.number(OptionFields.exactly(value, 1)) == 0 ? "false" : "true";
            case TEXT -> text(value);
            case DOMAIN, DOMAIN_LIST, COMPRESSED_DOMAIN_LIST -> String.join(", ", DomainNames.decode(value, 0));
            case ROUTES -> String.join(", ", OptionFields.routes(value));
            case SIP_SERVERS ->
                value.at(0) == 1
                        ? render(OptionType.IPV4_LIST, OptionFields.part(value, 1, value.length() - 1))
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

    private static String numbers(Octets value, int width) {
        return String.join(
                ", ",
                OptionFields.chunks(value, width).stream()
                        .map(chunk -> Long.toString(OptionFields.number(chunk)))
                        .toList());
    }
}
