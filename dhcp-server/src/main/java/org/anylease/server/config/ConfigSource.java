package org.anylease.server.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.anylease.store.address.Octets;

/**
 * An operator's file as it was found: its name, for messages, and its octets. The only part of this package that
 * touches a disk.
 *
 * @param name the name to show in messages
 * @param octets the content
 */
public record ConfigSource(String name, Octets octets) {
    /** No file is larger, in octets; a hundred thousand reservations fit. */
    public static final int LENGTH_MAX = 16 << 20;

    /**
     * Reads a file.
     *
     * @param file where it is
     * @return its content; of a file that is too long, just enough of it to be refused
     * @throws IOException when it cannot be read
     */
    public static ConfigSource read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new ConfigSource(file.toString(), Octets.of(in.readNBytes(LENGTH_MAX + 1)));
        }
    }

    /**
     * A text as if it stood in a file.
     *
     * @param name the name to show in messages
     * @param text the content
     * @return the source
     */
    public static ConfigSource of(String name, String text) {
        return new ConfigSource(name, Octets.of(text.getBytes(StandardCharsets.UTF_8)));
    }
}
