package org.anylease.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The commands that actions may run on a server.
 *
 * @param allowed files by name; none when empty
 * @param timeout how long one may run
 * @param atOnce how many run at a time
 * @param waiting how many may wait
 */
public record CommandSettings(SortedMap<String, Path> allowed, Duration timeout, int atOnce, int waiting) {
    /** No command is run. */
    public static final CommandSettings NONE = new CommandSettings(new TreeMap<>(), Duration.ofSeconds(10), 1, 100);

    /** Copies the map. */
    public CommandSettings {
        allowed = Collections.unmodifiableSortedMap(new TreeMap<>(allowed));
    }

    static CommandSettings read(Cursor cursor) {
        Section section = new Section(cursor, Concept.COMMANDS);
        TreeMap<String, Path> allowed = new TreeMap<>();
        section.take("allow")
                .ifPresent(value -> value.entries("commands").forEach((name, entry) -> {
                    Notation.key(entry, name, Notation::name);
                    entry.read(CommandSettings::file).ifPresent(path -> allowed.put(name, path));
                }));
        Duration timeout = section.read("timeout", Notation.between(Duration.ofSeconds(1), Duration.ofMinutes(5)));
        Long atOnce = section.read("at-once", Notation.number(1, 16));
        Long waiting = section.read("waiting", Notation.number(1, 10_000));
        section.done();
        return new CommandSettings(
                allowed,
                timeout != null ? timeout : NONE.timeout,
                atOnce != null ? atOnce.intValue() : NONE.atOnce,
                waiting != null ? waiting.intValue() : NONE.waiting);
    }

    private static Path file(String text) {
        Path path = ServerReader.path(text);
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException("'" + text + "' does not begin with / (expected the file's whole path)");
        }
        return path;
    }
}
