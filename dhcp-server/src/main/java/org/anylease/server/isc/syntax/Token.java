package org.anylease.server.isc.syntax;

/**
 * A word, a text in quotes, a mark or the end.
 *
 * @param kind which of them
 * @param text the word or mark, or what stands in quotes
 * @param at where it starts
 * @param start where it starts, as an offset into its file
 * @param end behind its last character, as an offset
 * @param touches whether it follows the one before without space
 */
record Token(Kind kind, String text, Place at, int start, int end, boolean touches) {
    enum Kind {
        WORD,
        STRING,
        MARK,
        /** What no token can be made of; the text says why. */
        BAD,
        END
    }

    boolean isMark(String mark) {
        return kind == Kind.MARK && text.equals(mark);
    }

    boolean isWord(String word) {
        return kind == Kind.WORD && text.equalsIgnoreCase(word);
    }

    /** For messages. */
    String shown() {
        return switch (kind) {
            case END -> "the end of the file";
            case STRING -> "a text in quotes";
            case WORD, MARK -> "'" + text + "'";
            case BAD -> text;
        };
    }
}
