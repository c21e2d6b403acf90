package org.anylease.server.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import org.anylease.server.config.YamlValue.Entry;
import org.anylease.server.config.YamlValue.Mapping;
import org.anylease.server.config.YamlValue.Position;
import org.anylease.server.config.YamlValue.Scalar;
import org.anylease.server.config.YamlValue.Sequence;

/**
 * A value in the file and the way that led to it. Whatever cannot be read becomes a problem here, and nothing at the
 * caller, so that one pass finds all mistakes.
 *
 * @param value the value
 * @param at where to point: a scalar itself, a list or map by its key
 * @param key where its key stands; for an item of a list, the item
 * @param path the keys that lead there
 * @param problems of the file
 */
record Cursor(YamlValue value, Position at, Position key, String path, Problems problems) {
    private static final int NAME_SHOWN_MAX = 64;

    void error(String what, String valid) {
        problems.error(at, path, what, valid);
    }

    /** An error within the text of a scalar, so many characters behind its start. */
    void errorWithin(int offset, String what, String valid) {
        boolean asWritten = value instanceof Scalar scalar && scalar.plain();
        if (asWritten) {
            problems.error(new Position(at.line(), at.column() + offset), path, what, valid);
        } else {
            // Quotes, escapes and folded lines move what follows them: the place is told by counting.
            problems.error(at, path, what + ", at character " + (offset + 1), valid);
        }
    }

    void warning(String what) {
        problems.warning(at, path, what, "");
    }

    /** The text of a scalar. */
    Optional<String> text(String valid) {
        if (value instanceof Scalar scalar && !value.isNothing()) {
            return Optional.of(scalar.text());
        }
        error(value.isNothing() ? "nothing is given" : "a " + kind() + " stands here", valid);
        return Optional.empty();
    }

    /** A scalar in some notation; what the notation objects to becomes the problem. */
    <T> Optional<T> read(Function<String, T> notation) {
        return text("a single value").flatMap(text -> parse(text, notation));
    }

    private <T> Optional<T> parse(String text, Function<String, T> notation) {
        try {
            return Optional.of(notation.apply(text));
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            int expected = message.endsWith(")") ? message.indexOf(" (expected ") : -1;
            if (expected < 0) {
                error(message, "");
            } else {
                error(
                        message.substring(0, expected),
                        message.substring(expected + " (expected ".length(), message.length() - 1));
            }
            return Optional.empty();
        }
    }

    /** The items of a list; a single value counts as a list of one, nothing as an empty list. */
    List<Cursor> items() {
        if (value.isNothing()) {
            return List.of();
        }
        if (!(value instanceof Sequence sequence)) {
            return List.of(this);
        }
        List<Cursor> items = new ArrayList<>();
        for (YamlValue item : sequence.items()) {
            items.add(new Cursor(item, item.at(), item.at(), path + "[" + items.size() + "]", problems));
        }
        return items;
    }

    /** Each item in some notation; those that cannot be read are left out. */
    <T> List<T> readAll(Function<String, T> notation) {
        return items().stream().flatMap(item -> item.read(notation).stream()).toList();
    }

    /** The values of a map by name, in the order of the file; keys that occur twice are problems. */
    SequencedMap<String, Cursor> entries(String of) {
        SequencedMap<String, Cursor> entries = new LinkedHashMap<>();
        if (value.isNothing()) {
            return entries;
        }
        if (!(value instanceof Mapping mapping)) {
            error("a " + kind() + " stands here", "a map of " + of);
            return entries;
        }
        Map<String, Integer> lines = new LinkedHashMap<>();
        for (Entry entry : mapping.entries()) {
            String name = entry.key().text();
            Cursor cursor = under(entry);
            Integer before = lines.putIfAbsent(name, entry.key().at().line());
            if (before != null) {
                problems.error(
                        entry.key().at(), cursor.path, "'" + name + "' stands here already, on line " + before, "");
            } else if (name.equals("<<") && entry.key().plain()) {
                problems.error(
                        entry.key().at(), path, "merge keys are not supported", "settings at the level around these");
            } else {
                entries.put(name, cursor);
            }
        }
        return entries;
    }

    private Cursor under(Entry entry) {
        String name = entry.key().text();
        boolean points = entry.value() instanceof Scalar && !entry.value().isNothing();
        return new Cursor(
                entry.value(),
                points ? entry.value().at() : entry.key().at(),
                entry.key().at(),
                path.isEmpty() ? brief(name) : path + "." + brief(name),
                problems);
    }

    /** A path is carried by every value below it, so that no single name may make it long. */
    private static String brief(String name) {
        return name.length() <= NAME_SHOWN_MAX ? name : name.substring(0, NAME_SHOWN_MAX) + "…";
    }

    /** What to write instead of an unknown word; nothing where so much is wrong that none will be shown. */
    String insteadOf(String word, Collection<String> known) {
        return problems.isFull() ? "" : Suggestion.insteadOf(word, known);
    }

    /** The same value, but pointing at its key. */
    Cursor atKey() {
        return new Cursor(value, key, key, path, problems);
    }

    /** This value with another reading of what it is, at the same place. */
    Cursor with(YamlValue other) {
        return new Cursor(other, at, key, path, problems);
    }

    String kind() {
        return switch (value) {
            case Scalar _ -> "single value";
            case Sequence _ -> "list";
            case Mapping _ -> "map";
        };
    }
}
