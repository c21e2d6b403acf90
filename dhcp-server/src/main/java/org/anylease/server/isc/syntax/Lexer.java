package org.anylease.server.isc.syntax;

/** Cuts a file into tokens, one after the other. Comments start with {@code #} and end with the line. */
final class Lexer {
    /** No text in quotes is longer, in octets; dhcpd has the same limit. */
    private static final int STRING_MAX = 1500;

    private final String file;
    private final String text;
    private int offset;
    private int line = 1;
    private int lineStart;

    Lexer(String file, String text) {
        this.file = file;
        this.text = text;
    }

    String text() {
        return text;
    }

    /** The next token; the end again and again once it is reached. */
    Token next() {
        boolean spaced = skip();
        int start = offset;
        Place at = place();
        if (offset >= text.length()) {
            return new Token(Token.Kind.END, "", at, start, start, false);
        }
        char c = text.charAt(offset);
        if (c == '"') {
            return string(at, start, !spaced);
        }
        boolean negative = c == '-' && offset + 1 < text.length() && isDigit(text.charAt(offset + 1));
        if ((isWord(c) && c != '-') || negative) {
            offset++;
            while (offset < text.length() && isWord(text.charAt(offset))) {
                offset++;
            }
            return new Token(Token.Kind.WORD, text.substring(start, offset), at, start, offset, !spaced);
        }
        offset++;
        if (c < ' ' || c > '~') {
            String why = "the character 0x" + Integer.toHexString(c) + " has no meaning here";
            return new Token(Token.Kind.BAD, why, at, start, offset, !spaced);
        }
        return new Token(Token.Kind.MARK, String.valueOf(c), at, start, offset, !spaced);
    }

    private Place place() {
        return new Place(file, line, offset - lineStart + 1);
    }

    /** Skips space and comments. */
    private boolean skip() {
        int start = offset;
        while (offset < text.length()) {
            char c = text.charAt(offset);
            if (c == '#') {
                int end = text.indexOf('\n', offset);
                offset = end < 0 ? text.length() : end;
            } else if (c == '\n') {
                newLine();
            } else if (c == ' ' || c == '\t' || c == '\r' || c == '\f') {
                offset++;
            } else {
                break;
            }
        }
        return offset > start || start == 0;
    }

    private void newLine() {
        offset++;
        line++;
        lineStart = offset;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isWord(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c) || c == '_' || c == '-';
    }

    private Token string(Place at, int start, boolean touches) {
        StringBuilder content = new StringBuilder();
        offset++;
        while (offset < text.length() && text.charAt(offset) != '"') {
            char c = text.charAt(offset);
            if (c == '\\') {
                offset++;
                content.append(escaped());
            } else if (c == '\n') {
                newLine();
                content.append(c);
            } else {
                offset++;
                content.append(c);
            }
            if (content.length() > STRING_MAX) {
                String why = "a text in quotes is longer than " + STRING_MAX + " octets: is it closed?";
                return new Token(Token.Kind.BAD, why, at, start, offset, touches);
            }
        }
        if (offset >= text.length()) {
            return new Token(Token.Kind.BAD, "a text in quotes is not closed", at, start, offset, touches);
        }
        offset++;
        return new Token(Token.Kind.STRING, content.toString(), at, start, offset, touches);
    }

    /** What a backslash makes of what follows it (dhcp-eval(5), <i>string</i>). */
    private char escaped() {
        if (offset >= text.length()) {
            return '\\';
        }
        char c = text.charAt(offset);
        return switch (c) {
            case 't' -> one('\t');
            case 'r' -> one('\r');
            case 'n' -> one('\n');
            case 'b' -> one('\b');
            case '0', '1', '2', '3' -> digits(8, 3);
            case 'x' -> {
                offset++;
                yield digits(16, 2);
            }
            case '\n' -> {
                newLine();
                yield '\n';
            }
            default -> one(c);
        };
    }

    private char one(char meant) {
        offset++;
        return meant;
    }

    private char digits(int radix, int most) {
        int value = 0;
        for (int i = 0; i < most && offset < text.length(); i++) {
            int digit = Character.digit(text.charAt(offset), radix);
            if (digit < 0) {
                break;
            }
            value = value * radix + digit;
            offset++;
        }
        return (char) (value & 0xff);
    }
}
