package org.anylease.server.expression;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * A regular expression in RE2's syntax, found in time linear in what it is looked for in: it has no backtracking, and so
 * no back references and no look-around. It sees octets as characters of ISO 8859-1.
 *
 * <p>Its own size is bounded, since the time is a product of both: repetitions with a count are copies.
 */
final class RegularExpression {
    private static final int LENGTH_MAX = 256;
    private static final int COPIES_MAX = 256;

    private final Pattern pattern;
    private final int size;

    RegularExpression(Token word) throws ExpressionException {
        boolean anyCase = word.text().endsWith("i");
        String text = word.text()
                .substring(1, word.text().length() - (anyCase ? 2 : 1))
                .replace("\\/", "/");
        if (!text.chars().allMatch(c -> c >= ' ' && c < 127)) {
            throw new ExpressionException(
                    word.offset(), "a regular expression has ASCII characters only", "\\x.. for any other octet");
        }
        long copies = copies(text);
        if (text.length() > LENGTH_MAX || copies > COPIES_MAX) {
            throw new ExpressionException(
                    word.offset(),
                    "the regular expression is too large",
                    "at most " + LENGTH_MAX + " characters, and {…} with numbers whose product is at most "
                            + COPIES_MAX);
        }
        size = (int) Math.max(1, text.length() * copies);
        try {
            pattern = Pattern.compile(text, Pattern.DOTALL | (anyCase ? Pattern.CASE_INSENSITIVE : 0));
        } catch (PatternSyntaxException e) {
            throw new ExpressionException(
                    word.offset(), "no regular expression: " + e.getDescription(), "one in RE2's syntax");
        }
    }

    /** The product of all counts, wherever they stand: at least as many copies as there will be of anything. */
    private static long copies(String text) {
        long copies = 1;
        int at = text.indexOf('{');
        while (at >= 0 && copies <= COPIES_MAX) {
            long largest = 1;
            long number = 0;
            int end = at + 1;
            for (;
                    end < text.length() && (Character.digit(text.charAt(end), 10) >= 0 || text.charAt(end) == ',');
                    end++) {
                number = text.charAt(end) == ',' ? 0 : Math.min(10 * number + (text.charAt(end) - '0'), 1 << 20);
                largest = Math.max(largest, number);
            }
            copies *= largest;
            at = text.indexOf('{', end);
        }
        return copies;
    }

    long steps(int octets) {
        return (octets + 1L) * size;
    }

    boolean isFoundIn(byte[] octets) {
        return pattern.matcher(Latin.text(octets)).find();
    }
}
