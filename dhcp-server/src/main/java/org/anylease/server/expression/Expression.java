package org.anylease.server.expression;

import java.util.Optional;
import org.anylease.server.expression.Node.Condition;
import org.anylease.server.expression.Node.Data;
import org.anylease.store.address.Octets;

/**
 * A compiled expression over a client's packet: either a condition, or data such as the value that a client is counted
 * by. Immutable.
 *
 * <p>What a packet does not have comes to nothing, and so does whatever is made of nothing. A comparison with nothing is
 * false, and only {@code !=} is true; so a condition is always true or false.
 */
public final class Expression {
    /** No longer text is an expression, in characters. */
    public static final int LENGTH_MAX = 4_096;

    private final String text;
    private final Node root;

    private Expression(String text, Node root) {
        this.text = text;
        this.root = root;
    }

    /**
     * Compiles a text.
     *
     * @param text the text
     * @param names the names that options may be called by
     * @return the expression
     * @throws ExpressionException when it is none
     */
    public static Expression compile(String text, OptionNames names) throws ExpressionException {
        if (text.length() > LENGTH_MAX) {
            throw new ExpressionException(0, "the expression is too long", "at most " + LENGTH_MAX + " characters");
        }
        Parser parser = new Parser(text, names);
        Node root = parser.whole();
        return new Expression(parser.canonical(), root);
    }

    /**
     * The expression with codes in place of options' names, so that it compiles to the same without any names.
     *
     * @return the text
     */
    public String text() {
        return text;
    }

    /**
     * Whether this is true or false.
     *
     * @return false when it is octets
     */
    public boolean isCondition() {
        return root instanceof Condition;
    }

    /**
     * Evaluates a condition.
     *
     * @param evaluation of a packet
     * @return what it comes to; false when {@link Evaluation#isExhausted}
     * @throws IllegalStateException when this is no condition
     */
    public boolean test(Evaluation evaluation) {
        if (root instanceof Condition condition) {
            return condition.test(evaluation) && !evaluation.isExhausted();
        }
        throw new IllegalStateException("'" + text + "' is " + root.type());
    }

    /**
     * Evaluates what comes to octets.
     *
     * @param evaluation of a packet
     * @return the octets; empty when the packet has nothing of the kind, or when {@link Evaluation#isExhausted}
     * @throws IllegalStateException when this is a condition
     */
    public Optional<Octets> octets(Evaluation evaluation) {
        if (root instanceof Data data) {
            byte[] octets = data.octets(evaluation);
            return octets == null || evaluation.isExhausted() ? Optional.empty() : Optional.of(Octets.of(octets));
        }
        throw new IllegalStateException("'" + text + "' is " + root.type());
    }

    @Override
    public String toString() {
        return text;
    }
}
