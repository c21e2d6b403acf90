package org.anylease.server.config;

import java.util.Optional;
import java.util.function.Function;
import org.anylease.server.expression.Expression;
import org.anylease.server.expression.ExpressionException;
import org.anylease.server.expression.OptionNames;
import org.anylease.store.config.ComputedValue;

/** Reads expressions, and values that are computed by them for each reply. */
final class ComputedReader {
    private static final int ADDRESS_BYTES = 4;

    private ComputedReader() {}

    /** Compiles one or the other kind of expression. */
    @FunctionalInterface
    interface Compiler {
        Expression compile(String text, OptionNames names) throws ExpressionException;
    }

    /** An expression; nothing when it is none, which is then told with its place. */
    static Optional<Expression> expression(Cursor cursor, OptionNames names, Compiler compiler) {
        return cursor.text("an expression").flatMap(text -> {
            try {
                return Optional.of(compiler.compile(text, names));
            } catch (ExpressionException e) {
                String valid = e.word().isEmpty()
                        ? e.valid()
                        : Suggestion.insteadOf(e.word(), e.known(), "a name of the reference, docs/configuration.md");
                cursor.errorWithin(e.offset(), String.valueOf(e.getMessage()), valid);
                return Optional.empty();
            }
        });
    }

    /** Whether a value is given as {@code { computed: … }}. */
    static boolean isComputed(Cursor value) {
        return value.value() instanceof YamlValue.Mapping mapping
                && mapping.entries().stream()
                        .anyMatch(entry -> entry.key().text().equals("computed"));
    }

    /** The computed value of an option. */
    static Optional<ComputedValue> option(Cursor value, OptionType otherwise, OptionNames names) {
        Section section = new Section(value, Concept.COMPUTED_VALUE);
        Optional<Expression> expression = computed(section, names);
        Optional<Cursor> said = section.take("type");
        OptionType type = said.flatMap(OptionsReader::type).orElse(otherwise);
        section.done();
        return expression.map(found -> new ComputedValue(found.text(), unit(type), most(type)));
    }

    /** The computed value of a field of the header; nothing where it is not computed. */
    static Optional<ComputedValue> field(Section section, String key, int unit, int most, OptionNames names) {
        return section.take(key).filter(ComputedReader::isComputed).flatMap(value -> {
            Section inner = new Section(value, Concept.COMPUTED_VALUE);
            inner.take("type")
                    .ifPresent(type -> type.atKey().error("a field of the header has its type", "no such key"));
            Optional<Expression> expression = computed(inner, names);
            inner.done();
            return expression.map(found -> new ComputedValue(found.text(), unit, most));
        });
    }

    /** An address among the fields of the header. */
    static Optional<ComputedValue> address(Section section, String key, OptionNames names) {
        return field(section, key, ADDRESS_BYTES, ADDRESS_BYTES, names);
    }

    /** The plain value of a field, where it is not computed. */
    static <T> Optional<T> plain(Section section, String key, Function<String, T> notation) {
        return section.take(key).filter(value -> !isComputed(value)).flatMap(value -> value.read(notation));
    }

    private static Optional<Expression> computed(Section section, OptionNames names) {
        Optional<Cursor> text = section.take("computed");
        Optional<Expression> expression = text.flatMap(value -> expression(value, names, Expression::compileForReply));
        if (expression.isPresent() && expression.get().isCondition()) {
            text.orElseThrow().error("a condition is no value", "octets, such as if(…, \"a\", \"b\")");
            return Optional.empty();
        }
        return expression;
    }

    /** Values of a type consist of so many octets, or of a multiple. */
    private static int unit(OptionType type) {
        return switch (type) {
            case IPV4, IPV4_LIST, U32, I32, SECONDS -> ADDRESS_BYTES;
            case IPV4_PAIRS -> 2 * ADDRESS_BYTES;
            case U16, U16_LIST -> 2;
            case U8, U8_LIST, BOOL, TEXT, DOMAIN, DOMAIN_LIST, COMPRESSED_DOMAIN_LIST, ROUTES, SIP_SERVERS -> 1;
            case HEX, SUBOPTIONS -> 1;
        };
    }

    private static int most(OptionType type) {
        return switch (type) {
            case IPV4, U32, I32, SECONDS, U16, U8, BOOL -> unit(type);
            case IPV4_LIST, IPV4_PAIRS, U16_LIST, U8_LIST, TEXT, DOMAIN, DOMAIN_LIST -> OptionEncoder.LENGTH_MAX;
            case COMPRESSED_DOMAIN_LIST, ROUTES, SIP_SERVERS, HEX, SUBOPTIONS -> OptionEncoder.LENGTH_MAX;
        };
    }
}
