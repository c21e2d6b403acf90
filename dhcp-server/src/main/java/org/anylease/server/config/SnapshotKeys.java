package org.anylease.server.config;

import static org.anylease.server.config.Key.optional;

import java.util.List;

/** The keys of snapshots, for {@link Concept}. */
final class SnapshotKeys {
    static final List<Key> KEYS = List.of(
            optional(
                    "entries",
                    Shape.NUMBER,
                    "100000",
                    "one is written after so many log entries, 100 to 100000000",
                    "50000"),
            optional(
                    "log-size",
                    Shape.SIZE,
                    "128MiB",
                    "or after so much log, 256KiB to 4096MiB, if that comes first",
                    "64MiB"),
            optional(
                    "retained",
                    Shape.NUMBER,
                    "2",
                    "how many are kept, 1 to 10; a server that catches up may be reading the older one",
                    "3"));

    private SnapshotKeys() {}
}
