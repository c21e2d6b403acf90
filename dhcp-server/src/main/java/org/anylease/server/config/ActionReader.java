package org.anylease.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.anylease.server.action.LeaseAction;
import org.anylease.server.action.LeaseActions;
import org.anylease.server.action.LeaseEvent;
import org.anylease.server.event.Level;
import org.anylease.server.expression.Expression;
import org.anylease.server.expression.OptionNames;
import org.jspecify.annotations.Nullable;

/** Reads what is done when something happens to a lease. */
final class ActionReader {
    private static final int ACTIONS_MAX = 100;
    private static final int ARGUMENTS_MAX = 50;

    private ActionReader() {}

    static List<LeaseAction> read(Cursor cursor, OptionNames names) {
        List<LeaseAction> actions = new ArrayList<>();
        var entries = cursor.entries("actions");
        if (entries.size() > ACTIONS_MAX) {
            cursor.error("there are too many actions", "at most " + ACTIONS_MAX);
            return actions;
        }
        entries.forEach((name, entry) -> {
            Notation.key(entry, name, Notation::name);
            one(name, entry, names).ifPresent(actions::add);
        });
        return actions;
    }

    /** What is done, for people, by where it stands. */
    static SortedMap<String, String> texts(LeaseActions actions) {
        TreeMap<String, String> texts = new TreeMap<>();
        for (LeaseAction action : actions.all()) {
            List<String> parts = new ArrayList<>(List.of(
                    "at " + action.events().stream().map(LeaseEvent::word).collect(Collectors.joining(" and "))));
            if (action.match() != null) {
                parts.add("match " + action.match());
            }
            if (action.line() != null) {
                parts.add(
                        "log " + action.line() + " as " + action.level().name().toLowerCase(Locale.ROOT));
            }
            if (action.command() != null) {
                parts.add("run " + action.command() + " " + action.arguments());
            }
            texts.put("actions " + action.name(), String.join(", ", parts));
        }
        return texts;
    }

    private static Optional<LeaseAction> one(String name, Cursor cursor, OptionNames names) {
        Section section = new Section(cursor, Concept.ACTION);
        TreeSet<LeaseEvent> events = new TreeSet<>(section.readAll("at", ActionReader::event));
        Expression match = expression(section.take("match").orElse(null), names, true);
        Expression line = expression(section.take("log").orElse(null), names, false);
        Level level = section.read("level", ActionReader::level);
        List<Cursor> run = section.take("run").map(Cursor::items).orElse(List.of());
        section.done();
        String command =
                run.isEmpty() ? null : run.getFirst().read(Notation::name).orElse(null);
        List<Expression> arguments = new ArrayList<>();
        for (Cursor argument : run.isEmpty() ? run : run.subList(1, run.size())) {
            Expression expression = expression(argument, names, false);
            if (expression != null) {
                arguments.add(expression);
            }
        }
        if (arguments.size() > ARGUMENTS_MAX) {
            section.take("run").orElseThrow().atKey().error("too many arguments", "at most " + ARGUMENTS_MAX);
        }
        if (section.take("log").isEmpty() && run.isEmpty()) {
            cursor.atKey().error("the action does nothing", "'log' or 'run'");
        }
        return events.isEmpty()
                ? Optional.empty()
                : Optional.of(new LeaseAction(
                        name, events, match, line, level == null ? Level.INFO : level, command, arguments));
    }

    private static @Nullable Expression expression(@Nullable Cursor text, OptionNames names, boolean condition) {
        if (text == null) {
            return null;
        }
        Expression found = ComputedReader.expression(text, names, Expression::compileForLease)
                .orElse(null);
        if (found != null && found.isCondition() != condition) {
            text.error(
                    condition ? "these are octets" : "a condition is no text",
                    condition ? "a condition such as … == …" : "octets, such as if(…, \"yes\", \"no\")");
            return null;
        }
        return found;
    }

    private static LeaseEvent event(String word) {
        for (LeaseEvent event : LeaseEvent.values()) {
            if (event.word().equals(word)) {
                return event;
            }
        }
        throw new IllegalArgumentException(
                "'" + word + "' does not happen to a lease (expected commit, release or" + " expiry)");
    }

    private static Level level(String word) {
        return switch (word) {
            case "info" -> Level.INFO;
            case "warning" -> Level.WARNING;
            case "error" -> Level.ERROR;
            default ->
                throw new IllegalArgumentException("'" + word + "' is no level (expected info, warning or error)");
        };
    }
}
