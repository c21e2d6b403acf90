package org.anylease.server.isc.syntax;

import java.util.List;
import org.anylease.store.address.Octets;

/** An expression of dhcp-eval(5). */
public sealed interface Expression {
    /**
     * Where it starts.
     *
     * @return its place
     */
    Place at();

    /**
     * Text in quotes, or octets between colons.
     *
     * @param at where it starts
     * @param octets what it says
     */
    record Constant(Place at, Octets octets) implements Expression {}

    /**
     * A number.
     *
     * @param at where it starts
     * @param value the number
     */
    record Numeral(Place at, long value) implements Expression {}

    /** How an expression asks for an option. */
    enum Source {
        /** What the client sent. */
        OPTION,
        /** What the server would send. */
        CONFIG_OPTION,
        /** Whether the client sent it. */
        EXISTS
    }

    /**
     * An option.
     *
     * @param at where it starts
     * @param source whose option
     * @param option which
     */
    record OfOption(Place at, Source source, OptionName option) implements Expression {}

    /**
     * A keyword such as {@code hardware} or {@code known}, or else a variable.
     *
     * @param at where it starts
     * @param name in lower case where it is a keyword
     */
    record Name(Place at, String name) implements Expression {}

    /**
     * A function.
     *
     * @param at where it starts
     * @param function its name in lower case
     * @param arguments in order
     */
    record Call(Place at, String function, List<Expression> arguments) implements Expression {
        /** Copies the arguments. */
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    /**
     * The contrary.
     *
     * @param at where it starts
     * @param operand of what
     */
    record Not(Place at, Expression operand) implements Expression {}

    /**
     * Two expressions with an operator between them.
     *
     * @param at where it starts
     * @param operator {@code or and = != ~= ~~ + - * / % & | ^}
     * @param left left of it
     * @param right right of it
     */
    record Binary(Place at, String operator, Expression left, Expression right) implements Expression {}
}
