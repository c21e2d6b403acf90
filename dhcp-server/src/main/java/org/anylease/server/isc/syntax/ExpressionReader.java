package org.anylease.server.isc.syntax;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.anylease.store.address.Octets;

/** Reads expressions (dhcp-eval(5)). */
final class ExpressionReader {
    /** No expression is nested deeper. */
    private static final int DEPTH_MAX = 100;

    /** Operators that bind alike, the loosest first; comparing is written of one or two marks. */
    private static final List<List<String>> OPERATORS = List.of(
            List.of("or"),
            List.of("and"),
            List.of("=", "!=", "~=", "~~"),
            List.of("|", "^", "&"),
            List.of("+", "-"),
            List.of("*", "/", "%"));

    private final TokenReader tokens;
    private int depth;

    ExpressionReader(TokenReader tokens) {
        this.tokens = tokens;
    }

    /** An expression of whatever kind. */
    Expression read() {
        return binary(0);
    }

    /** Text in quotes or octets: what a subclass gives. */
    Expression constant() {
        Token first = tokens.peek();
        if (first.kind() == Token.Kind.STRING) {
            return primary();
        }
        if (first.kind() == Token.Kind.WORD) {
            return new Expression.Constant(first.at(), octets());
        }
        throw tokens.failure("expected text in quotes or octets like 01:02");
    }

    private Expression binary(int level) {
        if (level == OPERATORS.size()) {
            return unary();
        }
        Expression left = binary(level + 1);
        for (String operator = operator(level); !operator.isEmpty(); operator = operator(level)) {
            left = new Expression.Binary(left.at(), operator, left, binary(level + 1));
        }
        return left;
    }

    /** Takes an operator of a level, if one comes next. */
    private String operator(int level) {
        Token token = tokens.peek();
        for (String operator : OPERATORS.get(level)) {
            boolean two = operator.length() == 2 && !Character.isLetter(operator.charAt(0));
            boolean here = Character.isLetter(operator.charAt(0))
                    ? token.isWord(operator)
                    : token.isMark(operator.substring(0, 1))
                            && (!two || tokens.peek(1).isMark(operator.substring(1)));
            if (here) {
                tokens.next();
                if (two) {
                    tokens.next();
                }
                return operator;
            }
        }
        return "";
    }

    private Expression unary() {
        if (++depth > DEPTH_MAX) {
            throw new SyntaxFailure(tokens.peek().at(), "the expression is nested deeper than " + DEPTH_MAX);
        }
        try {
            Token token = tokens.peek();
            if (tokens.takeWord("not")) {
                return new Expression.Not(token.at(), binary(2));
            }
            if (tokens.take("(")) {
                Expression inner = read();
                tokens.expect(")");
                return inner;
            }
            return primary();
        } finally {
            depth--;
        }
    }

    private Expression primary() {
        Token token = tokens.peek();
        if (token.kind() == Token.Kind.STRING) {
            tokens.next();
            return new Expression.Constant(token.at(), Octets.of(token.text().getBytes(StandardCharsets.ISO_8859_1)));
        }
        if (token.kind() != Token.Kind.WORD) {
            throw tokens.failure("expected an expression");
        }
        Token following = tokens.peek(1);
        if (isOctet(token.text()) && octetFollows(1)) {
            return new Expression.Constant(token.at(), octets());
        }
        String word = token.text().toLowerCase(Locale.ROOT);
        if (word.matches("-?[0-9]+|0x[0-9a-f]+")) {
            tokens.next();
            return new Expression.Numeral(token.at(), number(token));
        }
        if (following.isMark("(")) {
            return call(tokens.next(), word);
        }
        return named(tokens.next(), word);
    }

    private Expression named(Token token, String word) {
        return switch (word) {
            case "option" -> new Expression.OfOption(token.at(), Expression.Source.OPTION, optionName());
            case "config-option", "server-option" ->
                new Expression.OfOption(token.at(), Expression.Source.CONFIG_OPTION, optionName());
            case "exists" -> new Expression.OfOption(token.at(), Expression.Source.EXISTS, optionName());
            case "check" ->
                new Expression.Call(
                        token.at(),
                        word,
                        List.of(new Expression.Constant(
                                tokens.peek().at(),
                                Octets.of(tokens.string("a class").getBytes(StandardCharsets.ISO_8859_1)))));
            case "encapsulate" ->
                new Expression.Name(
                        token.at(), "encapsulate " + tokens.word("a space").text());
            default -> new Expression.Name(token.at(), token.text());
        };
    }

    private Expression call(Token token, String function) {
        tokens.expect("(");
        List<Expression> arguments = arguments();
        return new Expression.Call(token.at(), function, arguments);
    }

    /** Expressions between commas up to the closing bracket, which is taken. */
    List<Expression> arguments() {
        List<Expression> arguments = new ArrayList<>();
        while (!tokens.take(")")) {
            if (!arguments.isEmpty()) {
                tokens.expect(",");
            }
            arguments.add(read());
        }
        return arguments;
    }

    OptionName optionName() {
        String first = tokens.word("an option's name").text().toLowerCase(Locale.ROOT);
        if (!tokens.take(".")) {
            return new OptionName(OptionName.DHCP, first);
        }
        return new OptionName(first, tokens.word("an option's name").text().toLowerCase(Locale.ROOT));
    }

    static long number(Token token) {
        try {
            String text = token.text().toLowerCase(Locale.ROOT);
            return text.startsWith("0x") ? Long.parseLong(text.substring(2), 16) : Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new SyntaxFailure(token.at(), "'" + token.text() + "' is no number");
        }
    }

    private static boolean isOctet(String text) {
        return text.matches("[0-9a-fA-F]{1,2}");
    }

    /** Whether a colon is there with an octet right behind it; behind that of a case stands a statement. */
    private boolean octetFollows(int distance) {
        Token octet = tokens.peek(distance).isMark(":") ? tokens.peek(distance + 1) : tokens.peek(distance);
        return octet.kind() == Token.Kind.WORD
                && octet.touches()
                && isOctet(octet.text())
                && tokens.peek(distance).isMark(":");
    }

    /** Hexadecimal octets with colons between them. */
    Octets octets() {
        List<Byte> octets = new ArrayList<>();
        do {
            Token token = tokens.word("an octet in hexadecimal");
            if (!isOctet(token.text())) {
                throw new SyntaxFailure(token.at(), "'" + token.text() + "' is no octet in hexadecimal (00 to ff)");
            }
            octets.add((byte) Integer.parseInt(token.text(), 16));
        } while (octetFollows(0) && tokens.take(":"));
        byte[] bytes = new byte[octets.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = octets.get(i);
        }
        return Octets.of(bytes);
    }
}
