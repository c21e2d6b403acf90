package org.anylease.server.expression;

import java.util.Arrays;
import java.util.List;
import org.anylease.server.expression.Node.Condition;
import org.anylease.server.expression.Node.Count;
import org.anylease.server.expression.Node.Data;

/** Comparisons. With nothing on either side all are false but {@code !=}, which is the opposite of {@code ==}. */
final class Comparison {
    static final List<String> WORDS =
            List.of("==", "!=", "<", "<=", ">", ">=", "starts-with", "ends-with", "contains", "matches", "in");

    private Comparison() {}

    /** What two rows of octets have to do with each other. */
    @FunctionalInterface
    private interface Relation {
        boolean holds(byte[] left, byte[] right);
    }

    static Condition of(Token word, Node left, Node right) throws ExpressionException {
        return switch (word.text()) {
            case "==" -> equal(word, left, right);
            case "!=" -> {
                Condition equal = equal(word, left, right);
                yield e -> !equal.test(e);
            }
            case "<" -> ordered(word, left, right, false, false);
            case "<=" -> ordered(word, left, right, false, true);
            case ">" -> ordered(word, left, right, true, false);
            case ">=" -> ordered(word, left, right, true, true);
            case "starts-with" -> related(word, left, right, Octet::startsWith);
            case "ends-with" -> related(word, left, right, Octet::endsWith);
            case "contains" -> related(word, left, right, Octet::contains);
            default -> throw new IllegalStateException("no comparison " + word.text());
        };
    }

    static Condition equal(Token word, Node left, Node right) throws ExpressionException {
        return switch (left) {
            case Condition a when right instanceof Condition b -> e -> a.test(e) == b.test(e);
            case Count a
            when right instanceof Count b ->
                e -> {
                    long value = a.value(e);
                    return value == b.value(e) && value != Count.ABSENT;
                };
            case Data _ when right instanceof Data -> related(word, left, right, Arrays::equals);
            default -> throw mixed(word, left, right);
        };
    }

    private static ExpressionException mixed(Token word, Node left, Node right) {
        return new ExpressionException(
                word.offset(),
                word.shown() + " stands between " + left.type() + " and " + right.type(),
                left instanceof Count || right instanceof Count
                        ? "both of one kind; extract-int(…, 16) makes a number of octets"
                        : "both of one kind");
    }

    private static Condition ordered(Token word, Node left, Node right, boolean more, boolean orEqual)
            throws ExpressionException {
        return switch (left) {
            case Count a
            when right instanceof Count b ->
                e -> {
                    long one = a.value(e);
                    long other = b.value(e);
                    return one != Count.ABSENT
                            && other != Count.ABSENT
                            && holds(Long.compare(one, other), more, orEqual);
                };
            case Data _
            when right instanceof Data ->
                related(word, left, right, (a, b) -> holds(Arrays.compareUnsigned(a, b), more, orEqual));
            default -> throw mixed(word, left, right);
        };
    }

    private static boolean holds(int order, boolean more, boolean orEqual) {
        return order == 0 ? orEqual : order > 0 == more;
    }

    private static Condition related(Token word, Node left, Node right, Relation relation) throws ExpressionException {
        Data a = Parser.data(left, word);
        Data b = Parser.data(right, word);
        return e -> {
            byte[] one = a.octets(e);
            byte[] other = b.octets(e);
            return one != null
                    && other != null
                    && e.spend((long) one.length + other.length)
                    && relation.holds(one, other);
        };
    }

    static Condition matches(Data data, RegularExpression pattern) {
        return e -> {
            byte[] octets = data.octets(e);
            return octets != null && e.spend(pattern.steps(octets.length)) && pattern.isFoundIn(octets);
        };
    }
}
