package org.anylease.server.expression;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.anylease.server.expression.Token.Kind;
import org.anylease.store.address.Ipv4;

/** Cuts a text into words. */
final class Lexer {
    /** In order: of two that match at a place, the first counts. None ever backtracks. */
    private static final Pattern WORD = Pattern.compile("(?<octets>0x[0-9a-zA-Z]*+"
            + "|[0-9a-fA-F]{1,2}+(?::[0-9a-fA-F]{1,2}+)++"
            + "|[0-9]++(?:\\.[0-9]++){3}+)"
            + "|(?<number>[0-9]++)"
            + "|(?<name>[A-Za-z_][A-Za-z0-9_-]*+(?:\\.[A-Za-z0-9_-]++)*+)"
            + "|(?<string>\"(?:[^\"\\\\]++|\\\\.)*+\")"
            + "|(?<pattern>/(?:[^/\\\\]++|\\\\.)++/i?)"
            + "|(?<symbol>==|!=|<=|>=|[<>()\\[\\],])");

    private static final Pattern SPACE = Pattern.compile("\\s*+");

    private Lexer() {}

    static List<Token> words(String text) throws ExpressionException {
        List<Token> words = new ArrayList<>();
        Matcher space = SPACE.matcher(text);
        Matcher word = WORD.matcher(text);
        int at = 0;
        while (true) {
            space.region(at, text.length());
            at = space.lookingAt() ? space.end() : at;
            if (at == text.length()) {
                words.add(new Token(Kind.END, "", at));
                return words;
            }
            word.region(at, text.length());
            if (!word.lookingAt()) {
                throw unreadable(text, at);
            }
            words.add(new Token(kind(word), word.group(), at));
            at = word.end();
        }
    }

    private static Kind kind(Matcher word) {
        if (word.group("octets") != null) {
            return Kind.OCTETS;
        }
        if (word.group("number") != null) {
            return Kind.NUMBER;
        }
        if (word.group("name") != null) {
            return Kind.NAME;
        }
        if (word.group("string") != null) {
            return Kind.STRING;
        }
        return word.group("pattern") != null ? Kind.PATTERN : Kind.SYMBOL;
    }

    private static ExpressionException unreadable(String text, int at) {
        char found = text.charAt(at);
        return switch (found) {
            case '"' -> new ExpressionException(at, "a text begins here and does not end", "a \" at its end");
            case '/' ->
                new ExpressionException(at, "a regular expression begins here and does not end", "a / at its end");
            case '=' -> new ExpressionException(at, "'=' is no operator", "'==' to compare");
            case '!' -> new ExpressionException(at, "'!' is no operator", "'!=' or 'not'");
            case '~' -> new ExpressionException(at, "'~' is no operator", "'matches /…/' or 'matches /…/i'");
            case '&' -> new ExpressionException(at, "'&' is no operator", "'and'");
            case '|' -> new ExpressionException(at, "'|' is no operator", "'or'");
            case '\'' -> new ExpressionException(at, "a text stands in double quotes", "\"…\"");
            default ->
                new ExpressionException(
                        at, "'" + Character.toString(text.codePointAt(at)) + "' means nothing here", "");
        };
    }

    /** The octets of a word of that kind. */
    static byte[] octets(Token word) throws ExpressionException {
        String text = word.text();
        if (text.startsWith("0x")) {
            if (text.length() % 2 != 0 || !text.substring(2).chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
                throw new ExpressionException(
                        word.offset(), word.shown() + " is no row of octets", "two hexadecimal digits for each");
            }
            byte[] octets = new byte[text.length() / 2 - 1];
            for (int i = 0; i < octets.length; i++) {
                octets[i] = (byte) Integer.parseInt(text, 2 + 2 * i, 4 + 2 * i, 16);
            }
            return octets;
        }
        if (text.indexOf(':') >= 0) {
            String[] each = text.split(":", -1);
            byte[] octets = new byte[each.length];
            for (int i = 0; i < octets.length; i++) {
                octets[i] = (byte) Integer.parseInt(each[i], 16);
            }
            return octets;
        }
        try {
            return Octet.ofAddress(Ipv4.parse(text));
        } catch (IllegalArgumentException e) {
            throw new ExpressionException(word.offset(), String.valueOf(e.getMessage()), "");
        }
    }

    static long number(Token word) throws ExpressionException {
        String text = word.text();
        // Eleven digits are too many whatever they are; leading zeros do not count.
        String digits = text.replaceFirst("^0+(?=.)", "");
        long value = digits.length() > 10 ? Long.MAX_VALUE : Long.parseLong(digits);
        if (value > Node.Count.MAX) {
            throw new ExpressionException(word.offset(), text + " is too large", "0 to " + Node.Count.MAX);
        }
        return value;
    }

    /** The octets of a text between quotes: UTF-8, after its escapes. */
    static byte[] string(Token word) throws ExpressionException {
        String text = word.text();
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        int at = 1;
        while (at < text.length() - 1) {
            int character = text.codePointAt(at);
            if (character != '\\') {
                octets.writeBytes(Character.toString(character).getBytes(StandardCharsets.UTF_8));
                at += Character.charCount(character);
                continue;
            }
            char escaped = text.charAt(at + 1);
            switch (escaped) {
                case '"', '\\' -> octets.write(escaped);
                case 'n' -> octets.write('\n');
                case 'r' -> octets.write('\r');
                case 't' -> octets.write('\t');
                case 'x' -> {
                    octets.write(hex(text, at + 2, word.offset() + at));
                    at += 2;
                }
                default ->
                    throw new ExpressionException(
                            word.offset() + at,
                            "'\\" + escaped + "' means nothing in a text",
                            "\\\" \\\\ \\n \\r \\t or \\x and two digits");
            }
            at += 2;
        }
        return octets.toByteArray();
    }

    private static int hex(String text, int at, int offset) throws ExpressionException {
        int high = at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
        int low = at + 1 < text.length() ? Character.digit(text.charAt(at + 1), 16) : -1;
        if (high < 0 || low < 0) {
            throw new ExpressionException(offset, "'\\x' stands without its octet", "two hexadecimal digits");
        }
        return high << 4 | low;
    }
}
