package org.anylease.server.isc.convert;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.anylease.server.expression.ExpressionException;
import org.anylease.server.expression.OptionNames;
import org.anylease.server.isc.syntax.Expression;
import org.anylease.server.isc.syntax.Expression.Source;
import org.anylease.store.address.Octets;
import org.jspecify.annotations.Nullable;

/**
 * Writes expressions of dhcp-eval(5) as ours.
 *
 * <p>Both make nothing of what a packet does not have. What differs is written out, as dhcpd 4.4.3 was seen to do it: two
 * values that are both missing are equal, and a condition may be neither true nor false. That is a regular expression
 * where there is nothing to look into, and {@code and} whose left side is not true; {@code not} of it is not true either.
 */
final class ExpressionText {
    static final String BY_HAND = "write a class by hand, or leave it out";

    /** A function of our own: that a condition is not true, whether or not it is false. */
    static final String OTHERWISE = "otherwise";

    /** A text, and how loosely it binds: 0 a value, 1 a comparison, 2 not, 3 and, 4 or. */
    private record Part(String text, int looseness) {
        String within(int most) {
            return looseness <= most ? text : "(" + text + ")";
        }
    }

    private enum Type {
        CONDITION,
        DATA,
        NUMBER
    }

    private final FieldText fields;
    private final @Nullable String known;
    private final boolean ofReply;
    private final boolean ofAction;

    /** Whom dhcpd knows is told by a condition, unless they are too many. */
    ExpressionText(IscOptions options, @Nullable String known) {
        this(new FieldText(options), known, false, false);
    }

    private ExpressionText(FieldText fields, @Nullable String known, boolean ofReply, boolean ofAction) {
        this.fields = fields;
        this.known = known;
        this.ofReply = ofReply;
        this.ofAction = ofAction;
    }

    /** Where expressions may speak of the lease, and of what is configured for it. */
    ExpressionText ofReply() {
        return new ExpressionText(fields, known, true, false);
    }

    /** Where expressions may speak of the lease alone. */
    ExpressionText ofAction() {
        return new ExpressionText(fields, known, true, true);
    }

    /** A condition. */
    String condition(Expression expression) throws Unmappable {
        return checked(bool(expression).text(), ofReply);
    }

    /** Octets. */
    String octets(Expression expression) throws Unmappable {
        return checked(data(expression), ofReply);
    }

    /** A condition that can stand beside others. */
    String conjunct(Expression expression) throws Unmappable {
        return bool(expression).within(3);
    }

    /** All of some conditions, none of which needs brackets. */
    static String all(List<String> conjuncts) throws Unmappable {
        return checked(String.join(" and ", conjuncts));
    }

    /** The same where expressions may speak of the lease, if they may here; empty for none. */
    String checkedAll(List<String> conjuncts) throws Unmappable {
        return conjuncts.isEmpty() ? "" : checked(String.join(" and ", conjuncts), ofReply);
    }

    private static String checked(String text) throws Unmappable {
        return checked(text, false);
    }

    private static String checked(String text, boolean ofReply) throws Unmappable {
        try {
            if (ofReply) {
                org.anylease.server.expression.Expression.compileForReply(text, OptionNames.NONE);
            } else {
                org.anylease.server.expression.Expression.compile(text, OptionNames.NONE);
            }
            return text;
        } catch (ExpressionException e) {
            throw new Unmappable("its expression has no counterpart: " + e.getMessage(), BY_HAND);
        }
    }

    private static Type type(Expression expression) {
        return switch (expression) {
            case Expression.Constant _ -> Type.DATA;
            case Expression.Numeral _ -> Type.NUMBER;
            case Expression.Not _ -> Type.CONDITION;
            case Expression.OfOption option -> option.source() == Source.EXISTS ? Type.CONDITION : Type.DATA;
            case Expression.Name name ->
                switch (word(name)) {
                    case "known", "static", "true", "false" -> Type.CONDITION;
                    case "lease-time" -> Type.NUMBER;
                    default -> Type.DATA;
                };
            case Expression.Call call ->
                switch (call.function()) {
                    case "check", OTHERWISE -> Type.CONDITION;
                    case "extract-int" -> Type.NUMBER;
                    default -> Type.DATA;
                };
            case Expression.Binary binary ->
                switch (binary.operator()) {
                    case "or", "and", "=", "!=", "~=", "~~" -> Type.CONDITION;
                    default -> Type.NUMBER;
                };
        };
    }

    private static String word(Expression.Name name) {
        return name.name().toLowerCase(Locale.ROOT);
    }

    private Part bool(Expression expression) throws Unmappable {
        return switch (expression) {
            case Expression.Not not -> falsity(not.operand());
            case Expression.OfOption option
            when option.source() == Source.EXISTS -> new Part("exists(" + fields.of(option.option()) + ")", 0);
            case Expression.Name name when word(name).equals("known") -> known();
            case Expression.Name name
            when word(name).equals("static") ->
                throw new Unmappable("it asked whether the lease is a fixed one", "write a class with 'known'");
            case Expression.Name name
            when word(name).equals("true") || word(name).equals("false") -> new Part(word(name), 0);
            case Expression.Binary binary ->
                switch (binary.operator()) {
                    case "or" ->
                        new Part(
                                bool(binary.left()).within(4) + " or "
                                        + bool(binary.right()).within(3),
                                4);
                    case "and" ->
                        new Part(
                                bool(binary.left()).within(3) + " and "
                                        + bool(binary.right()).within(2),
                                3);
                    case "=" -> equal(binary.left(), binary.right(), true);
                    case "!=" -> equal(binary.left(), binary.right(), false);
                    case "~=" -> new Part(data(binary.left()) + " matches /" + regex(binary.right()) + "/", 1);
                    case "~~" -> new Part(data(binary.left()) + " matches /" + regex(binary.right()) + "/i", 1);
                    default -> throw new Unmappable("a number stands where a condition is wanted", BY_HAND);
                };
            case Expression.Call call
            when call.function().equals(OTHERWISE) ->
                negated(bool(call.arguments().getFirst()));
            case Expression.Call call
            when call.function().equals("check") ->
                throw new Unmappable("it asked for a collection of classes", "write out their conditions");
            default -> throw new Unmappable("its condition is not true or false", BY_HAND);
        };
    }

    /** That a condition is false, which is not all that it can be when it is not true. */
    private Part falsity(Expression expression) throws Unmappable {
        return switch (expression) {
            case Expression.Not not -> bool(not.operand());
            case Expression.Binary binary
            when binary.operator().equals("and") -> both(bool(binary.left()), falsity(binary.right()));
            case Expression.Binary binary
            when binary.operator().equals("or") -> {
                if (isEither(binary.left()) || isEither(binary.right())) {
                    yield negated(bool(binary));
                }
                Part left = both(falsity(binary.left()), negated(bool(binary.right())));
                Part right = both(negated(bool(binary.left())), falsity(binary.right()));
                yield new Part(left.within(4) + " or " + right.within(3), 4);
            }
            case Expression.Binary binary
            when (binary.operator().equals("~=") || binary.operator().equals("~~")) && mayMiss(binary.left()) ->
                both(new Part("exists(" + data(binary.left()) + ")", 0), negated(bool(binary)));
            default -> negated(bool(expression));
        };
    }

    private static Part both(Part left, Part right) {
        return new Part(left.within(3) + " and " + right.within(2), 3);
    }

    /** Whether a condition is always true or false. */
    private static boolean isEither(Expression expression) throws Unmappable {
        return switch (expression) {
            case Expression.Not not -> isEither(not.operand());
            case Expression.Binary binary ->
                switch (binary.operator()) {
                    case "and" -> false;
                    case "or" -> isEither(binary.left()) || isEither(binary.right());
                    case "~=", "~~" -> !mayMiss(binary.left());
                    default -> true;
                };
            default -> true;
        };
    }

    private static Part negated(Part part) {
        return new Part("not " + part.within(2), 2);
    }

    private static Part compared(String left, String right, boolean equal) {
        return new Part(left + (equal ? " == " : " != ") + right, 1);
    }

    private Part known() throws Unmappable {
        String condition = known;
        if (condition == null) {
            throw new Unmappable("it asked for hosts, of which there are too many to list", "give them reservations");
        }
        return new Part(condition, condition.equals("known") ? 0 : 4);
    }

    private static String regex(Expression pattern) throws Unmappable {
        Optional<Octets> octets = Constants.data(pattern);
        if (octets.isEmpty() || octets.get().isEmpty()) {
            throw new Unmappable("its regular expression is computed for each packet", BY_HAND);
        }
        return RegexText.of(octets.get());
    }

    private Part equal(Expression left, Expression right, boolean equal) throws Unmappable {
        Type one = type(left);
        Type other = type(right);
        if (one == Type.CONDITION || other == Type.CONDITION) {
            if (one != other) {
                throw new Unmappable("it compares a condition with something else, which is never equal", BY_HAND);
            }
            return compared(bool(left).within(0), bool(right).within(0), equal);
        }
        if (one == Type.NUMBER && !(left instanceof Expression.Numeral && other == Type.DATA)) {
            if (other != Type.NUMBER) {
                throw new Unmappable("it compares a number with octets, which are never equal", BY_HAND);
            }
            return compared(number(left), number(right), equal);
        }
        return equalData(left, right, equal);
    }

    private Part equalData(Expression left, Expression right, boolean equal) throws Unmappable {
        Optional<Octets> value = constant(right);
        if (value.isPresent() && value.get().isEmpty()) {
            throw new Unmappable("it compares with a text that is empty", "write a class with 'exists(…)'");
        }
        if (value.isPresent()
                && left instanceof Expression.Call call
                && call.function().equals("substring")
                && call.arguments().size() == 3
                && Constants.number(call.arguments().get(1)).equals(Optional.of(0L))
                && Constants.number(call.arguments().get(2))
                        .equals(Optional.of((long) value.get().length()))) {
            Part begins = new Part(data(call.arguments().getFirst()) + " starts-with " + constant(value.get()), 1);
            return equal ? begins : negated(begins);
        }
        String one = value(left);
        String other = value(right);
        if (!mayMiss(left) || !mayMiss(right)) {
            return compared(one, other, equal);
        }
        Part alike = new Part(one + " == " + other + " or not exists(" + one + ") and not exists(" + other + ")", 4);
        return equal ? alike : negated(alike);
    }

    /** Octets that are always the same; a number beside octets is one octet in hexadecimal to dhcpd. */
    private static Optional<Octets> constant(Expression expression) throws Unmappable {
        if (expression instanceof Expression.Numeral number) {
            if (number.value() < 0 || number.value() > 99) {
                throw new Unmappable("it compares octets with a number", "write octets, such as 00:07");
            }
            return Optional.of(Octets.of(new byte[] {(byte) Integer.parseInt(Long.toString(number.value()), 16)}));
        }
        return Constants.data(expression);
    }

    private String value(Expression expression) throws Unmappable {
        Optional<Octets> constant = constant(expression);
        return constant.isPresent() ? constant(constant.get()) : data(expression);
    }

    private static boolean mayMiss(Expression expression) throws Unmappable {
        boolean always = switch (expression) {
            case Expression.Name name -> word(name).equals("hardware");
            case Expression.Call call -> call.function().equals("packet");
            default -> false;
        };
        return !always && constant(expression).isEmpty();
    }

    /** Octets that are always the same: as text where they are text, else in hexadecimal. */
    static String constant(Octets octets) {
        byte[] all = octets.toArray();
        boolean printable = all.length > 0;
        for (byte octet : all) {
            printable &= octet >= ' ' && octet <= '~';
        }
        if (!printable) {
            return all.length == 0 ? "\"\"" : all.length == 1 ? OptionYaml.hex(octets) : octets.toString();
        }
        String text = new String(all, StandardCharsets.US_ASCII);
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private String data(Expression expression) throws Unmappable {
        Optional<Octets> constant = Constants.data(expression);
        if (constant.isPresent()) {
            return constant(constant.get());
        }
        return switch (expression) {
            case Expression.OfOption option when option.source() == Source.OPTION -> fields.of(option.option());
            case Expression.OfOption option
            when ofAction && option.source() == Source.CONFIG_OPTION ->
                throw new Unmappable("what is configured is not known to actions", "write the value itself");
            case Expression.OfOption option
            when ofReply && option.source() == Source.CONFIG_OPTION -> fields.configured(option.option());
            case Expression.OfOption _ ->
                throw new Unmappable("it looked at what the server would send", "write a class for each value");
            case Expression.Name name ->
                switch (word(name)) {
                    case "hardware" -> "hardware";
                    case "filename" -> "packet.file";
                    case "server-name" -> "packet.sname";
                    case "leased-address" -> {
                        if (ofReply) {
                            yield "lease.address";
                        }
                        throw new Unmappable("it looked at the address of the lease", "set it for a pool");
                    }
                    case "client-state" ->
                        throw new Unmappable(
                                "it looked at the client's state, which only dhclient has", "leave it out");
                    case "host-decl-name" ->
                        throw new Unmappable("it looked at the host's name", "set it for the reservation");
                    default -> throw new Unmappable("it looked at variable '" + name.name() + "'", BY_HAND);
                };
            case Expression.Call call -> call(call);
            default -> throw new Unmappable("octets are wanted, and are not there", BY_HAND);
        };
    }

    private String call(Expression.Call call) throws Unmappable {
        List<Expression> given = call.arguments();
        String shape = call.function() + " " + given.size();
        return switch (shape) {
            case "substring 3" ->
                "substring(" + data(given.get(0)) + ", " + number(given.get(1)) + ", " + number(given.get(2)) + ")";
            case "suffix 2" -> "suffix(" + data(given.get(0)) + ", " + number(given.get(1)) + ")";
            case "lcase 1" -> "lowercase(" + data(given.getFirst()) + ")";
            case "ucase 1" -> "uppercase(" + data(given.getFirst()) + ")";
            case "reverse 2" -> "reverse(" + number(given.get(0)) + ", " + data(given.get(1)) + ")";
            case "encode-int 2" -> "encode-int(" + number(given.get(0)) + ", " + number(given.get(1)) + ")";
            case Substitution.NOTHING + " 0" -> "if(false, \"\")";
            case Substitution.CHOICE + " 3" -> choice(given);
            case "packet 2" -> "packet[" + number(given.get(0)) + ", " + number(given.get(1)) + "]";
            case "binary-to-ascii 4" ->
                "binary-to-ascii(" + number(given.get(0)) + ", " + number(given.get(1)) + ", " + data(given.get(2))
                        + ", " + data(given.get(3)) + ")";
            default ->
                switch (call.function()) {
                    case "concat" -> "concat(" + values(given) + ")";
                    case "pick-first-value", "pick" -> "pick-first-value(" + values(given) + ")";
                    default -> throw new Unmappable("function '" + call.function() + "' has no counterpart", BY_HAND);
                };
        };
    }

    private String choice(List<Expression> given) throws Unmappable {
        boolean alone = given.get(2) instanceof Expression.Call other
                && other.function().equals(Substitution.NOTHING);
        return "if(" + bool(given.get(0)).text() + ", " + value(given.get(1))
                + (alone ? "" : ", " + value(given.get(2))) + ")";
    }

    private String values(List<Expression> given) throws Unmappable {
        List<String> all = new ArrayList<>();
        for (Expression each : given) {
            all.add(value(each));
        }
        return String.join(", ", all);
    }

    private String number(Expression expression) throws Unmappable {
        Optional<Long> constant = Constants.number(expression);
        if (constant.isPresent()) {
            return Long.toString(constant.get());
        }
        if (expression instanceof Expression.Call call
                && call.function().equals("extract-int")
                && call.arguments().size() == 2) {
            return "extract-int(" + data(call.arguments().get(0)) + ", "
                    + number(call.arguments().get(1)) + ")";
        }
        if (expression instanceof Expression.Call call && call.function().equals(Substitution.LENGTH)) {
            return "length(" + data(call.arguments().getFirst()) + ")";
        }
        if (ofReply && expression instanceof Expression.Name name && word(name).equals("lease-time")) {
            return "lease.time";
        }
        throw new Unmappable("a number was computed for each packet", BY_HAND);
    }
}
