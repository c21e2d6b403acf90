package org.anylease.server.isc.convert;

import java.nio.charset.StandardCharsets;
import org.anylease.store.address.Octets;

/** Writes an extended regular expression of POSIX, as dhcpd took them, in RE2's syntax. */
final class RegexText {
    /** Behind a backslash these mean the same to both; what else stands there is refused. */
    private static final String ESCAPED = ".[]{}()*+?|^$\\/-wWsSbB";

    private RegexText() {}

    static String of(Octets pattern) throws Unmappable {
        String text = new String(pattern.toArray(), StandardCharsets.ISO_8859_1);
        StringBuilder written = new StringBuilder();
        boolean inBrackets = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                written.append(String.format("\\x%02x", (int) c));
            } else if (c == '/') {
                written.append("\\/");
            } else if (c == '\\' && inBrackets) {
                // POSIX takes a backslash between brackets for itself.
                written.append("\\\\");
            } else if (c == '\\') {
                i++;
                if (i == text.length() || ESCAPED.indexOf(text.charAt(i)) < 0) {
                    throw new Unmappable(
                            "the regular expression has a '\\' that means nothing here",
                            "write the class by hand, in RE2's syntax");
                }
                written.append(c).append(text.charAt(i));
            } else if (c == '[' && !inBrackets) {
                inBrackets = true;
                written.append(c);
                i = first(text, i, written);
            } else if (c == '[' && i + 1 < text.length() && text.charAt(i + 1) == ':') {
                int end = text.indexOf(":]", i + 2);
                if (end < 0) {
                    throw new Unmappable("the regular expression's brackets do not close", "");
                }
                written.append(text, i, end + 2);
                i = end + 1;
            } else {
                inBrackets = inBrackets && c != ']';
                written.append(c);
            }
        }
        return written.toString();
    }

    /** What may stand first between brackets and does not end them: a circumflex, and a bracket for itself. */
    private static int first(String text, int opening, StringBuilder written) {
        int at = opening;
        if (at + 1 < text.length() && text.charAt(at + 1) == '^') {
            written.append('^');
            at++;
        }
        if (at + 1 < text.length() && text.charAt(at + 1) == ']') {
            written.append("\\]");
            at++;
        }
        return at;
    }
}
