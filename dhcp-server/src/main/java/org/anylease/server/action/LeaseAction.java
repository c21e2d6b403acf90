package org.anylease.server.action;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.anylease.server.event.Level;
import org.anylease.server.expression.Expression;
import org.jspecify.annotations.Nullable;

/**
 * Something that is done when something happens to a lease.
 *
 * @param name its name
 * @param events when
 * @param match a condition that is met; null for always
 * @param line what is logged; null for nothing
 * @param level how loudly
 * @param command the name of the command that is run; null for none
 * @param arguments what come to its arguments, in order
 */
public record LeaseAction(
        String name,
        SortedSet<LeaseEvent> events,
        @Nullable Expression match,
        @Nullable Expression line,
        Level level,
        @Nullable String command,
        List<Expression> arguments) {
    /** Copies both. */
    public LeaseAction {
        events = Collections.unmodifiableSortedSet(new TreeSet<>(events));
        arguments = List.copyOf(arguments);
    }
}
