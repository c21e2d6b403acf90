package org.anylease.server.config;

import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A map with known keys. Keys that the {@link Concept} does not know are problems; a reader that asks for a key outside
 * the concept, or leaves one of its keys unread, is a defect and throws.
 */
final class Section {
    private final Concept concept;
    private final Cursor cursor;
    private final SequencedMap<String, Cursor> entries;
    private final Set<String> asked = new TreeSet<>();

    Section(Cursor cursor, Concept concept) {
        this.concept = concept;
        this.cursor = cursor;
        this.entries = cursor.entries("keys");
        List<String> known = concept.keys().stream().map(Key::name).toList();
        for (var entry : entries.entrySet()) {
            if (!known.contains(entry.getKey())) {
                Cursor unknown = entry.getValue().atKey();
                unknown.error(
                        "'" + entry.getKey() + "' is no key of " + concept.title(),
                        unknown.insteadOf(entry.getKey(), known));
            }
        }
        if (cursor.value() instanceof YamlValue.Mapping || cursor.value().isNothing()) {
            concept.keys().stream()
                    .filter(key -> key.required() && !entries.containsKey(key.name()))
                    .forEach(key -> cursor.error(
                            "'" + key.name() + "' is missing: " + key.meaning(), key.name() + ": " + key.example()));
        }
    }

    /** The section itself. */
    Cursor cursor() {
        return cursor;
    }

    /** Whether such a key may stand here. */
    boolean knows(String key) {
        return concept.keys().stream().anyMatch(known -> known.name().equals(key));
    }

    /** The value of a key, when it is there and says something. */
    Optional<Cursor> take(String key) {
        if (!knows(key)) {
            throw new IllegalStateException("'" + key + "' is not in the table of " + concept);
        }
        asked.add(key);
        Optional<Cursor> found = Optional.ofNullable(entries.get(key));
        found.filter(value -> value.value().isNothing())
                .ifPresent(value -> value.error("nothing is given", "a value, or no such key"));
        return found.filter(value -> !value.value().isNothing());
    }

    /** The value of a key, also when it says nothing: {@code bird:} alone means all defaults. */
    Optional<Cursor> takeOrEmpty(String key) {
        Cursor found = entries.get(key);
        if (found != null && found.value().isNothing()) {
            asked.add(key);
            return Optional.of(found);
        }
        return take(key);
    }

    /** The value of a key in some notation, or null. */
    <T> @Nullable T read(String key, Function<String, T> notation) {
        return take(key).flatMap(value -> value.read(notation)).orElse(null);
    }

    /** The values of a key in some notation. */
    <T> List<T> readAll(String key, Function<String, T> notation) {
        return take(key).map(value -> value.readAll(notation)).orElse(List.of());
    }

    /** Says that all keys have been read. */
    void done() {
        for (Key key : concept.keys()) {
            if (!asked.contains(key.name())) {
                throw new IllegalStateException("'" + key.name() + "' of " + concept + " is never read");
            }
        }
    }
}
