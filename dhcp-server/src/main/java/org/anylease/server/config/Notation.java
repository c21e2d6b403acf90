package org.anylease.server.config;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.config.LeaseTimes;

/** How single values are written. What is none throws, and the message says what is expected. */
final class Notation {
    private static final int NAME_MAX = 63;

    private Notation() {}

    static boolean bool(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("'" + text + "' is neither (expected true or false)");
        };
    }

    /** A whole number, decimal or hexadecimal. */
    static Function<String, Long> number(long min, long max) {
        return text -> {
            long number;
            try {
                number = text.startsWith("0x") ? Long.parseLong(text, 2, text.length(), 16) : Long.parseLong(text);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "'" + text + "' is no whole number (expected " + min + " to " + max + ")", e);
            }
            if (number < min || number > max) {
                throw new IllegalArgumentException(number + " is out of bounds (expected " + min + " to " + max + ")");
            }
            return number;
        };
    }

    /** A number of octets with a binary unit, between two others, both included. */
    static Function<String, Long> size(long min, long max) {
        return text -> {
            int digits = 0;
            while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
                digits++;
            }
            int shift = switch (text.substring(digits)) {
                case "KiB" -> 10;
                case "MiB" -> 20;
                case "GiB" -> 30;
                default -> 0;
            };
            if (digits == 0 || digits > 9 || shift == 0) {
                throw new IllegalArgumentException("'" + text + "' is no size (expected one like 128MiB)");
            }
            long octets = Long.parseLong(text, 0, digits, 10) << shift;
            if (octets < min || octets > max) {
                throw new IllegalArgumentException(
                        "'" + text + "' is out of bounds (expected " + (min >> 10) + "KiB to " + (max >> 20) + "MiB)");
            }
            return octets;
        };
    }

    static int port(String text) {
        return number(1, 0xffff).apply(text).intValue();
    }

    /** A number of seconds, or a duration of whole seconds. */
    static long seconds(String text) {
        if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return number(0, 0xffff_ffffL).apply(text);
        }
        return wholeSeconds(text).toSeconds();
    }

    static Duration wholeSeconds(String text) {
        Duration duration = DurationText.parse(text);
        if (!duration.equals(Duration.ofSeconds(duration.toSeconds()))) {
            throw new IllegalArgumentException("'" + text + "' is no whole number of seconds (expected one like 90s)");
        }
        return duration;
    }

    /** A lease time: at least a second, possibly without end. */
    static Duration leaseTime(String text) {
        Duration duration = wholeSeconds(text);
        if (duration.isZero()) {
            throw new IllegalArgumentException("a lease of no time is none (expected at least 1s)");
        }
        return duration;
    }

    /** A duration between two others, both included. */
    static Function<String, Duration> between(Duration min, Duration max) {
        return text -> {
            Duration duration = DurationText.parse(text);
            if (duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
                throw new IllegalArgumentException("'" + text + "' is out of bounds (expected "
                        + DurationText.format(min) + " to " + DurationText.format(max) + ")");
            }
            return duration;
        };
    }

    static Function<String, Duration> finite(Duration min) {
        return text -> {
            Duration duration = DurationText.parse(text);
            if (duration.compareTo(min) < 0 || duration.equals(LeaseTimes.INFINITE)) {
                throw new IllegalArgumentException("'" + text + "' is out of bounds (expected "
                        + DurationText.format(min) + " or more, but not infinite)");
            }
            return duration;
        };
    }

    /** Text of a bounded length in UTF-8, without NUL. */
    static Function<String, String> text(int lengthMax) {
        return text -> {
            int length = text.getBytes(StandardCharsets.UTF_8).length;
            if (length == 0 || length > lengthMax || text.indexOf('\0') >= 0) {
                throw new IllegalArgumentException(
                        "the text has " + length + " octets (expected 1 to " + lengthMax + ", none of them NUL)");
            }
            return text;
        };
    }

    /** Octets as {@code 0x0102}, {@code 01:02} or {@code 0102}. */
    static Octets octets(String text) {
        String digits = text.startsWith("0x") ? text.substring(2) : text;
        try {
            Octets octets = Octets.parseHex(digits);
            boolean colons = digits.indexOf(':') >= 0;
            if (!octets.isEmpty() && (!colons || digits.length() == octets.length() * 3 - 1)) {
                return octets;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(notOctets(text), e);
        }
        throw new IllegalArgumentException(notOctets(text));
    }

    /** Whether a text is meant as octets: it starts with 0x, or consists of pairs of digits between colons. */
    static boolean looksLikeOctets(String text) {
        return text.startsWith("0x") || (text.length() >= 5 && text.length() % 3 == 2 && isColonHex(text));
    }

    private static boolean isColonHex(String text) {
        for (int i = 0; i < text.length(); i++) {
            boolean fits = i % 3 == 2 ? text.charAt(i) == ':' : Character.digit(text.charAt(i), 16) >= 0;
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private static String notOctets(String text) {
        return "'" + text + "' are no octets (expected hexadecimal digits, like 0x0104 or 01:04)";
    }

    /** A unicast address that a host can have. */
    static Ipv4 host(String text) {
        Ipv4 address = Ipv4.parse(text);
        if (address.isUnspecified() || address.bits() >>> 28 >= 0xe || address.bits() >>> 24 == 0) {
            throw new IllegalArgumentException(address + " is no address of a host (expected a unicast address)");
        }
        return address;
    }

    static boolean isAddress(String text) {
        try {
            return !Ipv4.parse(text).toString().isEmpty();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The name of a network or an interface. */
    static String name(String text) {
        boolean valid = !text.isEmpty() && text.length() <= NAME_MAX && Character.isLetterOrDigit(text.charAt(0));
        for (int i = 0; valid && i < text.length(); i++) {
            char c = text.charAt(i);
            valid = c < 0x80 && (Character.isLetterOrDigit(c) || c == '-' || c == '_' || c == '.');
        }
        if (!valid) {
            throw new IllegalArgumentException("'" + text + "' is no name (expected letters, digits, dashes, dots and"
                    + " underscores, at most " + NAME_MAX + ")");
        }
        return text;
    }

    /** A key in some notation, the problem pointing at the key's value. */
    static <T> Optional<T> key(Cursor value, String key, Function<String, T> notation) {
        return value.atKey().with(new YamlValue.Scalar(key, false, value.at())).read(notation);
    }
}
