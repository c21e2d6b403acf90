package org.anylease.server.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.anylease.server.expression.Node.Condition;
import org.anylease.server.expression.Node.Count;
import org.anylease.server.expression.Node.Data;
import org.anylease.server.expression.Token.Kind;

/**
 * Checks and compiles in one pass, from the loosest to the tightest:
 *
 * <pre>
 * either     both { "or" both }
 * both       negated { "and" negated }
 * negated    "not" negated | compared
 * compared   value [ ( "==" | "!=" | "&lt;" | ... | "starts-with" | ... ) value | "matches" /regex/ | "in" "[" list "]" ]
 * value      literal | field | function "(" list ")" | "option" "[" ... "]" | "(" either ")"
 * </pre>
 */
final class Parser {
    /** How deeply parts may lie within each other, and how many there may be. */
    private static final int DEPTH_MAX = 32;

    private static final int PARTS_MAX = 1_000;

    private final String text;
    private final List<Token> words;
    private final OptionNames names;
    private final Sight sight;
    private final StringBuilder canonical = new StringBuilder();
    private int copied;
    private int at;
    private int depth;
    private int parts;

    /** What an expression can see: of each more than of those before. */
    enum Sight {
        /** The client's packet. */
        PACKET,
        /** The lease as well. */
        LEASE,
        /** What is configured for the client as well. */
        REPLY
    }

    Parser(String text, OptionNames names, Sight sight) throws ExpressionException {
        this.text = text;
        this.names = names;
        this.sight = sight;
        words = Lexer.words(text);
    }

    Node whole() throws ExpressionException {
        if (peek().kind() == Kind.END) {
            throw new ExpressionException(
                    0, "the expression is empty", "one like option[60] starts-with \"PXEClient\"");
        }
        Node root = either();
        if (peek().kind() != Kind.END) {
            throw new ExpressionException(
                    peek().offset(),
                    peek().shown() + " stands behind the end of the expression",
                    "'and', 'or' or nothing");
        }
        if (root instanceof Count) {
            throw new ExpressionException(
                    0, "the expression is a number", "a condition, or octets, as encode-int(…, 32) makes of it");
        }
        return root;
    }

    /** The text with codes in place of names; known once {@link #whole} is read. */
    String canonical() {
        return canonical + text.substring(copied);
    }

    Token peek() {
        return words.get(at);
    }

    Token next() {
        return words.get(peek().kind() == Kind.END ? at : at++);
    }

    boolean takes(String word) {
        boolean taken = peek().is(word);
        at += taken ? 1 : 0;
        return taken;
    }

    void expect(String word, String after) throws ExpressionException {
        if (!takes(word)) {
            throw new ExpressionException(peek().offset(), peek().shown() + " stands where " + after, "'" + word + "'");
        }
    }

    private Node either() throws ExpressionException {
        Node left = both();
        while (peek().is("or")) {
            Token word = next();
            Condition a = condition(left, word);
            Condition b = condition(both(), word);
            left = (Condition) e -> a.test(e) || b.test(e);
        }
        return left;
    }

    private Node both() throws ExpressionException {
        Node left = negated();
        while (peek().is("and")) {
            Token word = next();
            Condition a = condition(left, word);
            Condition b = condition(negated(), word);
            left = (Condition) e -> a.test(e) && b.test(e);
        }
        return left;
    }

    private Node negated() throws ExpressionException {
        if (!peek().is("not")) {
            return compared();
        }
        Token word = next();
        enter(word);
        Condition negated = condition(negated(), word);
        depth--;
        return (Condition) e -> !negated.test(e);
    }

    private void enter(Token word) throws ExpressionException {
        if (++depth > DEPTH_MAX) {
            throw new ExpressionException(word.offset(), "nested too deeply", "at most " + DEPTH_MAX + " levels");
        }
    }

    private Condition condition(Node node, Token at) throws ExpressionException {
        if (node instanceof Condition condition) {
            return condition;
        }
        throw new ExpressionException(
                at.offset(),
                at.shown() + " joins conditions, and here is " + node.type(),
                "a comparison such as … == …");
    }

    private Node compared() throws ExpressionException {
        Node left = value();
        Token word = peek();
        if (!Comparison.WORDS.contains(word.text()) || (word.kind() != Kind.NAME && word.kind() != Kind.SYMBOL)) {
            return left;
        }
        next();
        if (word.is("matches")) {
            return Comparison.matches(data(left, word), new RegularExpression(pattern()));
        }
        if (word.is("in")) {
            return list(left, word);
        }
        Node right = value();
        return Comparison.of(word, left, right);
    }

    private Token pattern() throws ExpressionException {
        Token word = next();
        if (word.kind() != Kind.PATTERN) {
            throw new ExpressionException(
                    word.offset(), word.shown() + " is no regular expression", "/…/, or /…/i for any case");
        }
        return word;
    }

    private Condition list(Node left, Token word) throws ExpressionException {
        expect("[", "a list begins");
        List<Condition> each = new ArrayList<>();
        do {
            each.add(Comparison.equal(word, left, value()));
        } while (takes(","));
        expect("]", "the list goes on or ends");
        Condition[] any = each.toArray(Condition[]::new);
        return e -> {
            for (Condition one : any) {
                if (one.test(e)) {
                    return true;
                }
            }
            return false;
        };
    }

    static Data data(Node node, Token at) throws ExpressionException {
        if (node instanceof Data data) {
            return data;
        }
        throw new ExpressionException(at.offset(), at.shown() + " takes octets, and here is " + node.type(), "octets");
    }

    static Count number(Node node, Token at) throws ExpressionException {
        if (node instanceof Count number) {
            return number;
        }
        throw new ExpressionException(
                at.offset(), at.shown() + " takes a number, and here is " + node.type(), "a number");
    }

    /** One value, as an argument: a whole expression. */
    Node argument() throws ExpressionException {
        return either();
    }

    private Node value() throws ExpressionException {
        Token word = next();
        if (++parts > PARTS_MAX) {
            throw new ExpressionException(word.offset(), "too many parts", "at most " + PARTS_MAX);
        }
        return switch (word.kind()) {
            case OCTETS -> constant(Lexer.octets(word));
            case STRING -> constant(Lexer.string(word));
            case NUMBER -> {
                long value = Lexer.number(word);
                yield (Count) _ -> value;
            }
            case NAME -> named(word);
            case SYMBOL -> {
                if (!word.is("(")) {
                    throw noValue(word);
                }
                enter(word);
                Node inner = either();
                expect(")", "a bracket closes");
                depth--;
                yield inner;
            }
            case PATTERN, END -> throw noValue(word);
        };
    }

    private static ExpressionException noValue(Token word) {
        return new ExpressionException(
                word.offset(), word.shown() + " stands where a value is wanted", "a field, text, octets or a number");
    }

    private static Data constant(byte[] octets) {
        return e -> e.spend(1) ? octets : null;
    }

    private Node named(Token word) throws ExpressionException {
        enter(word);
        Node found = switch (word.text()) {
            case "option" -> option();
            case "relay" -> relay(word);
            case "packet" -> header(word);
            case "configured" -> configured(word);
            default -> {
                Node field = Fields.find(word.text());
                Node lease = field == null ? LeaseFields.find(word.text()) : null;
                if (lease != null) {
                    speaksOfReply(word);
                    field = lease;
                }
                yield field != null ? step(field) : new Functions(this).call(word);
            }
        };
        depth--;
        return found;
    }

    /** A field costs a step besides what it holds. */
    private static Node step(Node field) {
        return switch (field) {
            case Condition condition -> (Condition) e -> e.spend(1) && condition.test(e);
            case Data data -> (Data) e -> e.spend(1) ? data.octets(e) : null;
            case Count number -> (Count) e -> e.spend(1) ? number.value(e) : Count.ABSENT;
        };
    }

    private void speaksOfReply(Token word) throws ExpressionException {
        if (sight == Sight.PACKET) {
            throw new ExpressionException(
                    word.offset(),
                    word.shown() + " is not known yet: classes are told before an address is chosen",
                    "it in a computed value");
        }
    }

    private Node configured(Token word) throws ExpressionException {
        speaksOfReply(word);
        if (sight == Sight.LEASE) {
            throw new ExpressionException(
                    word.offset(),
                    "what is configured for a client is not known to actions",
                    "the client's packet and its lease, as in option[60] or lease.address");
        }
        return step(LeaseFields.configured(optionCode()));
    }

    private Node option() throws ExpressionException {
        return step(Fields.option(optionCode()));
    }

    private int optionCode() throws ExpressionException {
        expect("[", "an option's code or name follows, as in option[60]");
        Token which = next();
        int code;
        if (which.kind() == Kind.NAME) {
            OptionalInt named = names.code(which.text());
            if (named.isEmpty()) {
                throw ExpressionException.unknown(
                        which.offset(), "option's name", which.text(), List.copyOf(names.all()));
            }
            code = named.getAsInt();
            canonical.append(text, copied, which.offset()).append(code);
            copied = which.end();
        } else {
            code = code(which, 1, 254, "option");
        }
        expect("]", "the option's code ends");
        return code;
    }

    private Node relay(Token word) throws ExpressionException {
        if (!peek().is("[")) {
            throw ExpressionException.unknown(word.offset(), "field", word.text(), Functions.names());
        }
        next();
        int code = code(next(), 1, 255, "sub-option of the relay");
        expect("]", "the sub-option's code ends");
        return step(Fields.relay(code));
    }

    private Node header(Token word) throws ExpressionException {
        if (!peek().is("[")) {
            throw ExpressionException.unknown(word.offset(), "field", word.text(), Functions.names());
        }
        next();
        Token from = peek();
        int offset = code(next(), 0, Fields.HEADER_BYTES - 1, "offset");
        expect(",", "the offset ends and the length follows");
        int length = code(next(), 1, Fields.HEADER_BYTES, "length");
        expect("]", "the length ends");
        if (offset + length > Fields.HEADER_BYTES) {
            throw new ExpressionException(
                    from.offset(),
                    "octets " + offset + " to " + (offset + length - 1) + " reach into the options",
                    "octets 0 to " + (Fields.HEADER_BYTES - 1) + "; options as option[…]");
        }
        return step(Fields.header(offset, length));
    }

    int code(Token word, int least, int most, String what) throws ExpressionException {
        if (word.kind() != Kind.NUMBER || Lexer.number(word) < least || Lexer.number(word) > most) {
            throw new ExpressionException(word.offset(), word.shown() + " is no " + what, least + " to " + most);
        }
        return (int) Lexer.number(word);
    }
}
