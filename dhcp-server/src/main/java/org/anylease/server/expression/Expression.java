package org.anylease.server.expression;

import java.nio.charset.StandardCharsets;
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
        return compile(text, names, Parser.Sight.PACKET);
    }

    /**
     * Compiles a text that may speak of the lease and of what the configuration says for it.
     *
     * @param text the text
     * @param names the names that options may be called by
     * @return the expression, for evaluations with a reply
     * @throws ExpressionException when it is none
     */
    public static Expression compileForReply(String text, OptionNames names) throws ExpressionException {
        return compile(text, names, Parser.Sight.REPLY);
    }

    /**
     * Compiles a text that may speak of the lease, and not of what the configuration says for it.
     *
     * @param text the text
     * @param names the names that options may be called by
     * @return the expression, for evaluations with a lease
     * @throws ExpressionException when it is none
     */
    public static Expression compileForLease(String text, OptionNames names) throws ExpressionException {
        return compile(text, names, Parser.Sight.LEASE);
    }

    private static Expression compile(String text, OptionNames names, Parser.Sight sight) throws ExpressionException {
        if (text.length() > LENGTH_MAX) {
            throw new ExpressionException(0, "the expression is too long", "at most " + LENGTH_MAX + " characters");
        }
        Parser parser = new Parser(text, names, sight);
        Node root = parser.whole();
        return new Expression(parser.canonical(), root);
    }

    /**
     * What a value is that stands by itself, not in an expression: octets written as there, anything else as text.
     *
     * @param text such as {@code 1:00:11:22}, {@code 0x0104} or {@code kiosk}
     * @return the octets
     * @throws IllegalArgumentException when it looks like octets and is none
     */
    public static Octets literal(String text) {
        try {
            Token word = Lexer.words(text).getFirst();
            boolean octets = word.kind() == Token.Kind.OCTETS && word.text().equals(text);
            return Octets.of(octets ? Lexer.octets(word) : text.getBytes(StandardCharsets.UTF_8));
        } catch (ExpressionException e) {
            if (text.startsWith("0x")) {
                throw new IllegalArgumentException(e.getMessage() + " (expected " + e.valid() + ")", e);
            }
            return Octets.of(text.getBytes(StandardCharsets.UTF_8));
        }
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
