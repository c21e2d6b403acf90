package org.anylease.server.expression;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.anylease.server.expression.Node.Condition;
import org.anylease.server.expression.Node.Count;
import org.anylease.server.expression.Node.Data;
import org.anylease.server.expression.Token.Kind;
import org.jspecify.annotations.Nullable;

/** The functions, most of which are those of dhcp-eval(5). Of nothing they make nothing. */
final class Functions {
    private static final List<String> NAMES = List.of(
            "binary-to-ascii",
            "concat",
            "encode-int",
            "exists",
            "extract-int",
            "if",
            "length",
            "lowercase",
            "pick-first-value",
            "reverse",
            "substring",
            "suboption",
            "suffix",
            "uppercase");

    private static final int GROUP_MAX = 255;
    private static final int LENGTH_MAX = 65_535;

    private final Parser parser;

    /** What is made of octets, which are there. */
    @FunctionalInterface
    private interface Change {
        byte @Nullable [] of(byte[] octets);
    }

    Functions(Parser parser) {
        this.parser = parser;
    }

    /** Every name that a value may begin with. */
    static List<String> names() {
        List<String> names = new ArrayList<>(NAMES);
        Fields.names().forEach(names::add);
        names.add("option[…]");
        names.add("relay[…]");
        names.add("packet[…]");
        LeaseFields.names().forEach(names::add);
        names.add("configured[…]");
        return names;
    }

    Node call(Token name) throws ExpressionException {
        if (!NAMES.contains(name.text())) {
            throw ExpressionException.unknown(name.offset(), "field or function", name.text(), names());
        }
        parser.expect("(", "the arguments of '" + name.text() + "' begin");
        Node node = called(name);
        parser.expect(")", "the arguments of '" + name.text() + "' end");
        return node;
    }

    private Node called(Token name) throws ExpressionException {
        return switch (name.text()) {
            case "exists" -> exists();
            case "if" -> choice(name);
            case "substring" -> substring();
            case "suffix" -> suffix();
            case "suboption" -> suboption();
            case "concat" -> concat(name);
            case "pick-first-value" -> pickFirst(name);
            case "length" -> {
                Data data = data();
                yield (Count) e -> {
                    byte[] octets = data.octets(e);
                    return octets == null ? Count.ABSENT : octets.length;
                };
            }
            case "lowercase" -> changed(data(), 1, octets -> Octet.toCase(octets, false));
            case "uppercase" -> changed(data(), 1, octets -> Octet.toCase(octets, true));
            case "reverse" -> {
                int group = group(GROUP_MAX);
                yield changed(data(), 1, octets -> Octet.reverse(octets, group));
            }
            case "binary-to-ascii" -> toText();
            case "encode-int" -> encode();
            case "extract-int" -> extract();
            default -> throw new IllegalStateException("no function " + name.text());
        };
    }

    private static Data changed(Data data, int stepsPerOctet, Change change) {
        return e -> {
            byte[] octets = data.octets(e);
            return octets != null && e.spend(1L + (long) octets.length * stepsPerOctet) ? change.of(octets) : null;
        };
    }

    private Condition exists() throws ExpressionException {
        Token at = parser.peek();
        return switch (parser.argument()) {
            case Data data -> e -> data.octets(e) != null;
            case Count number -> e -> number.value(e) != Count.ABSENT;
            case Condition _ ->
                throw new ExpressionException(at.offset(), "a condition always exists", "a field such as option[60]");
        };
    }

    /** Octets where a condition holds; others, or nothing, where it does not. */
    private Data choice(Token name) throws ExpressionException {
        Token at = parser.peek();
        if (!(parser.argument() instanceof Condition condition)) {
            throw new ExpressionException(at.offset(), "'if' begins with a condition", "a comparison such as … == …");
        }
        comma();
        Data then = data();
        Data otherwise = parser.takes(",") ? Parser.data(parser.argument(), name) : _ -> null;
        return e -> e.spend(1) ? (condition.test(e) ? then : otherwise).octets(e) : null;
    }

    private Data substring() throws ExpressionException {
        Data data = data();
        Count offset = furtherNumber();
        Count length = furtherNumber();
        return e -> {
            byte[] octets = data.octets(e);
            long from = offset.value(e);
            long count = length.value(e);
            boolean given = from != Count.ABSENT && count != Count.ABSENT;
            return octets != null && given && e.spend(octets.length) ? Octet.substring(octets, from, count) : null;
        };
    }

    private Data suffix() throws ExpressionException {
        Data data = data();
        Count length = furtherNumber();
        return e -> {
            byte[] octets = data.octets(e);
            long count = length.value(e);
            boolean given = count != Count.ABSENT;
            return octets != null && given && e.spend(octets.length) ? Octet.suffix(octets, count) : null;
        };
    }

    private Data suboption() throws ExpressionException {
        Data data = data();
        comma();
        int code = parser.code(parser.next(), 1, 254, "sub-option");
        return changed(data, 1, octets -> Octet.suboption(octets, code));
    }

    private Data concat(Token name) throws ExpressionException {
        Data[] all = list(name);
        return e -> {
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            for (Data each : all) {
                byte[] octets = each.octets(e);
                if (octets == null || !e.spend(octets.length) || whole.size() + octets.length > LENGTH_MAX) {
                    return null;
                }
                whole.writeBytes(octets);
            }
            return whole.toByteArray();
        };
    }

    private Data pickFirst(Token name) throws ExpressionException {
        Data[] all = list(name);
        return e -> {
            for (Data each : all) {
                byte[] octets = each.octets(e);
                if (octets != null) {
                    return octets;
                }
            }
            return null;
        };
    }

    private Data[] list(Token name) throws ExpressionException {
        List<Data> all = new ArrayList<>();
        do {
            all.add(Parser.data(parser.argument(), name));
        } while (parser.takes(","));
        return all.toArray(Data[]::new);
    }

    private Data toText() throws ExpressionException {
        int base = parser.code(parser.next(), 2, 16, "base");
        comma();
        int group = width();
        comma();
        Token separator = parser.next();
        if (separator.kind() != Kind.STRING) {
            throw new ExpressionException(separator.offset(), separator.shown() + " separates no digits", "a text");
        }
        byte[] between = Lexer.string(separator);
        comma();
        // A digit takes a bit at least.
        return changed(data(), 8 + between.length, octets -> Octet.toText(octets, base, group, between));
    }

    private Data encode() throws ExpressionException {
        Token at = parser.peek();
        Count number = Parser.number(parser.argument(), at);
        comma();
        int octets = width();
        return e -> {
            long value = number.value(e);
            return value == Count.ABSENT ? null : Octet.ofNumber(value, octets);
        };
    }

    private Count extract() throws ExpressionException {
        Data data = data();
        comma();
        int octets = width();
        return e -> {
            byte[] row = data.octets(e);
            return row == null ? Count.ABSENT : Octet.toNumber(row, octets);
        };
    }

    /** A width in bits, as in dhcp-eval(5), in octets. */
    private int width() throws ExpressionException {
        Token word = parser.next();
        if (word.kind() != Kind.NUMBER || !List.of("8", "16", "32").contains(word.text())) {
            throw new ExpressionException(word.offset(), word.shown() + " is no width", "8, 16 or 32 bits");
        }
        return Integer.parseInt(word.text()) / 8;
    }

    private int group(int most) throws ExpressionException {
        int group = parser.code(parser.next(), 1, most, "number of octets");
        comma();
        return group;
    }

    private Data data() throws ExpressionException {
        Token at = parser.peek();
        return Parser.data(parser.argument(), at);
    }

    private Count furtherNumber() throws ExpressionException {
        comma();
        Token at = parser.peek();
        return Parser.number(parser.argument(), at);
    }

    private void comma() throws ExpressionException {
        parser.expect(",", "another argument follows");
    }
}
