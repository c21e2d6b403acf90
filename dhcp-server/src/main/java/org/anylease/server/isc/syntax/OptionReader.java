package org.anylease.server.isc.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.anylease.server.isc.syntax.OptionFormat.Field;
import org.anylease.server.isc.syntax.OptionFormat.FieldType;
import org.anylease.server.isc.syntax.Statement.Modifier;
import org.anylease.server.isc.syntax.Statement.OptionDefinition;
import org.anylease.server.isc.syntax.Statement.OptionSetting;
import org.anylease.server.isc.syntax.Statement.OptionSpace;
import org.anylease.server.isc.syntax.Statement.Origin;

/** Reads what follows {@code option}: a value, a definition, or an option space (dhcp-options(5)). */
final class OptionReader {
    private final TokenReader tokens;
    private final ExpressionReader expressions;

    OptionReader(TokenReader tokens, ExpressionReader expressions) {
        this.tokens = tokens;
        this.expressions = expressions;
    }

    /** What follows {@code option}, up to the semicolon, which is taken. */
    Statement option(Token start) {
        if (tokens.peek().isWord("space") && tokens.peek(1).kind() == Token.Kind.WORD) {
            return space(start);
        }
        OptionName name = expressions.optionName();
        if (tokens.peek().isWord("code") && tokens.peek(2).isMark("=")) {
            return definition(start, name);
        }
        return setting(start, Modifier.OPTION, name);
    }

    Statement setting(Token start, Modifier how) {
        return setting(start, how, expressions.optionName());
    }

    private Statement setting(Token start, Modifier how, OptionName name) {
        Value value = value();
        Origin origin = end(start);
        return new OptionSetting(origin, how, name, value);
    }

    /** {@code = expression}, or pieces as they stand. */
    Value value() {
        return tokens.take("=") ? new Value.Computed(expressions.read()) : tokens.data();
    }

    private Origin end(Token start) {
        Origin origin = new Origin(start.at(), tokens.source(start.start()));
        tokens.expect(";");
        return origin;
    }

    private Statement space(Token start) {
        tokens.expectWord("space");
        String name = tokens.word("a name").text().toLowerCase(Locale.ROOT);
        int code = 1;
        int length = 1;
        while (!tokens.isNext(";")) {
            Token word = tokens.word("'code width', 'length width', 'hash size' or ';'");
            tokens.expectWord(word.isWord("hash") ? "size" : "width");
            Token number = tokens.word("a number");
            int width = (int) ExpressionReader.number(number);
            if (word.isWord("code")) {
                code = width;
            } else if (word.isWord("length")) {
                length = width;
            } else if (!word.isWord("hash")) {
                throw new SyntaxFailure(word.at(), "expected 'code width', 'length width' or 'hash size'");
            }
            if (!word.isWord("hash")
                    && width != 1
                    && width != 2
                    && width != 4
                    && !(width == 0 && word.isWord("length"))) {
                throw new SyntaxFailure(number.at(), width + " is no width (expected 1, 2 or 4)");
            }
        }
        return new OptionSpace(end(start), name, code, length);
    }

    private Statement definition(Token start, OptionName name) {
        tokens.expectWord("code");
        Token number = tokens.word("a code");
        long code = ExpressionReader.number(number);
        if (code < 0 || code > 0xffff_ffffL) {
            throw new SyntaxFailure(number.at(), code + " is no option code");
        }
        tokens.expect("=");
        OptionFormat format = format();
        return new OptionDefinition(end(start), name, code, format);
    }

    private OptionFormat format() {
        boolean array = array();
        if (tokens.take("{")) {
            List<Field> fields = new ArrayList<>();
            do {
                boolean repeats = array();
                fields.add(new Field(type(), repeats));
            } while (tokens.take(","));
            tokens.expect("}");
            return new OptionFormat(fields, array, "");
        }
        if (tokens.takeWord("encapsulate")) {
            String space = tokens.word("an option space").text().toLowerCase(Locale.ROOT);
            return new OptionFormat(List.of(new Field(FieldType.STRING, false)), false, space);
        }
        return OptionFormat.of(type(), array);
    }

    private boolean array() {
        if (!tokens.takeWord("array")) {
            return false;
        }
        tokens.expectWord("of");
        return true;
    }

    private FieldType type() {
        Token token = tokens.word("a type");
        String word = token.text().toLowerCase(Locale.ROOT);
        return switch (word) {
            case "boolean", "flag" -> FieldType.BOOLEAN;
            case "integer" -> integer(true);
            case "signed", "unsigned" -> {
                tokens.expectWord("integer");
                yield integer(word.equals("signed"));
            }
            case "ip-address" -> FieldType.IP;
            case "ip6-address" -> FieldType.IP6;
            case "text" -> FieldType.TEXT;
            case "string" -> FieldType.STRING;
            case "domain-name" -> FieldType.DOMAIN;
            case "domain-list" ->
                tokens.takeWord("compressed") ? FieldType.COMPRESSED_DOMAIN_LIST : FieldType.DOMAIN_LIST;
            case "zerolen" -> FieldType.EMPTY;
            default ->
                throw new SyntaxFailure(
                        token.at(),
                        "'" + token.text() + "' is no type (expected boolean, integer, signed or unsigned integer,"
                                + " ip-address, ip6-address, text, string, domain-name, domain-list, zerolen,"
                                + " array of, encapsulate, or a record in braces)");
        };
    }

    private FieldType integer(boolean signed) {
        Token width = tokens.word("8, 16 or 32");
        return switch (width.text()) {
            case "8" -> signed ? FieldType.INT8 : FieldType.UINT8;
            case "16" -> signed ? FieldType.INT16 : FieldType.UINT16;
            case "32" -> signed ? FieldType.INT32 : FieldType.UINT32;
            default -> throw new SyntaxFailure(width.at(), "'" + width.text() + "' is no width (expected 8, 16 or 32)");
        };
    }
}
