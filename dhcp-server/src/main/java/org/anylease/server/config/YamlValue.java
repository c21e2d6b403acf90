package org.anylease.server.config;

import java.util.List;

/** A YAML value that knows where it stands. Scalars stay text: what it means is decided by the key, not by its look. */
sealed interface YamlValue {
    /** Where the value starts. */
    Position at();

    /** Whether nothing is said: an empty value, {@code ~} or {@code null}. */
    default boolean isNothing() {
        return this instanceof Scalar scalar
                && scalar.plain
                && (scalar.text.isEmpty() || scalar.text.equals("~") || scalar.text.equals("null"));
    }

    /** A position in the file, counted from 1. */
    record Position(int line, int column) {
        static final Position START = new Position(1, 1);
    }

    /** A scalar; plain when it stands there without quotes. */
    record Scalar(String text, boolean plain, Position at) implements YamlValue {}

    /** A list. */
    record Sequence(List<YamlValue> items, Position at) implements YamlValue {
        public Sequence {
            items = List.copyOf(items);
        }
    }

    /** A map, in the order of the file, with keys that occur twice. */
    record Mapping(List<Entry> entries, Position at) implements YamlValue {
        public Mapping {
            entries = List.copyOf(entries);
        }
    }

    /** One key of a map. */
    record Entry(Scalar key, YamlValue value) {}
}
