package org.anylease.server.core;

import java.util.TreeMap;
import org.anylease.server.expression.Expression;
import org.anylease.server.expression.ExpressionException;
import org.anylease.server.expression.OptionNames;
import org.anylease.store.config.ComputedValue;
import org.jspecify.annotations.Nullable;

/** The compiled expressions of a cell's computed values, each text compiled once. Confined to the loop. */
final class Computing {
    private final TreeMap<String, Compiled> byText = new TreeMap<>();

    /** A text's expression; null when this program is too old to read it, and so the value comes to nothing. */
    private record Compiled(@Nullable Expression expression) {}

    /** What computes a value, or null where there is none. */
    @Nullable
    Expression of(ComputedValue value) {
        return byText.computeIfAbsent(value.expression(), Computing::compiled).expression;
    }

    private static Compiled compiled(String text) {
        try {
            return new Compiled(Expression.compileForReply(text, OptionNames.NONE));
        } catch (ExpressionException e) {
            // The server that took the configuration could read it, and this one is older.
            return new Compiled(null);
        }
    }
}
