package org.anylease.server.expression;

/**
 * A word of an expression.
 *
 * @param kind what it is
 * @param text as it is written
 * @param offset characters before it
 */
record Token(Kind kind, String text, int offset) {
    enum Kind {
        /** A name or an operator that is a word. */
        NAME,
        /** A decimal number. */
        NUMBER,
        /** {@code 0x0104}, {@code 1:00:11:22} or {@code 10.0.0.1}. */
        OCTETS,
        /** Between double quotes. */
        STRING,
        /** A regular expression between slashes. */
        PATTERN,
        /** An operator or a bracket. */
        SYMBOL,
        /** Behind the last word. */
        END
    }

    boolean is(String word) {
        return (kind == Kind.NAME || kind == Kind.SYMBOL) && text.equals(word);
    }

    /** For messages. */
    String shown() {
        return kind == Kind.END ? "the end" : "'" + text + "'";
    }

    int end() {
        return offset + text.length();
    }
}
