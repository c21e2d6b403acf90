package org.anylease.server.expression;

import java.util.List;

/** A text that is no expression: what is wrong, and where. */
public final class ExpressionException extends Exception {
    private static final long serialVersionUID = 1;

    private final int offset;
    private final String valid;
    private final String word;
    private final transient List<String> known;

    ExpressionException(int offset, String what, String valid) {
        this(offset, what, valid, "", List.of());
    }

    private ExpressionException(int offset, String what, String valid, String word, List<String> known) {
        super(what);
        this.offset = offset;
        this.valid = valid;
        this.word = word;
        this.known = known;
    }

    static ExpressionException unknown(int offset, String what, String word, List<String> known) {
        return new ExpressionException(offset, "'" + word + "' is no " + what, "", word, known);
    }

    /**
     * Where it is wrong.
     *
     * @return characters before that place
     */
    public int offset() {
        return offset;
    }

    /**
     * What would be right.
     *
     * @return a phrase, empty when the message says it all
     */
    public String valid() {
        return valid;
    }

    /**
     * The word that nobody knows.
     *
     * @return the word, empty when something else is wrong
     */
    public String word() {
        return word;
    }

    /**
     * The words that could stand there instead of {@link #word}.
     *
     * @return in order
     */
    public List<String> known() {
        return known;
    }
}
