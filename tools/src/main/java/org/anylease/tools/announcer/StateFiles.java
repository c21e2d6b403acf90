package org.anylease.tools.announcer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;

/**
 * What the announcer and the commands tell each other: files of one directory. They outlive processes and reboots, so
 * that a site stays drained until somebody undrains it.
 */
public final class StateFiles {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private final Path directory;

    /**
     * The files of a directory, which need not exist yet.
     *
     * @param directory where they are
     */
    public StateFiles(Path directory) {
        this.directory = directory;
    }

    private Path status() {
        return directory.resolve("status.json");
    }

    private Path drain() {
        return directory.resolve("drained.json");
    }

    /**
     * What the announcer wrote last.
     *
     * @return empty when it never wrote anything that can be read
     * @throws IOException when the file cannot be read
     */
    public Optional<ObjectNode> readStatus() throws IOException {
        return read(status());
    }

    /** Writes what the announcer knows; not synced, as it does so with every check, and a slow disk must not stop it. */
    void writeStatus(ObjectNode status) throws IOException {
        replace(status(), status + "\n", false);
    }

    /**
     * Who drained the site, since when, and why.
     *
     * @return empty when it is not drained
     * @throws IOException when the file cannot be read
     */
    public Optional<ObjectNode> readDrain() throws IOException {
        Optional<ObjectNode> drain = read(drain());
        // A file that cannot be understood is still somebody's wish.
        return drain.isEmpty() && Files.exists(drain()) ? Optional.of(MAPPER.createObjectNode()) : drain;
    }

    /**
     * Drains the site, as soon as the announcer looks.
     *
     * @param since the time
     * @param by who does
     * @param reason why
     * @throws IOException when it cannot be written
     */
    public void drain(Instant since, String by, String reason) throws IOException {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("since", since.toString());
        node.put("by", by);
        node.put("reason", reason);
        replace(drain(), node + "\n");
    }

    /**
     * Ends a drain, as soon as the announcer looks.
     *
     * @return whether the site was drained
     * @throws IOException when the file cannot be removed
     */
    public boolean undrain() throws IOException {
        return Files.deleteIfExists(drain());
    }

    private static Optional<ObjectNode> read(Path file) throws IOException {
        try {
            JsonNode node = MAPPER.readTree(Files.readString(file));
            return node instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
        } catch (NoSuchFileException | JsonProcessingException e) {
            return Optional.empty(); // Not written yet, or by something else: as good as not there.
        }
    }

    /** What tells one run of the machine from the next; empty where the kernel does not say. */
    static String bootId() {
        try {
            return Files.readString(BOOT_ID).strip();
        } catch (IOException e) {
            return ""; // Then a restart of the machine is taken for one of this process.
        }
    }

    /** Replaces a file: readers see the old one or the new one, also after a power cut. */
    static void replace(Path file, String text) throws IOException {
        replace(file, text, true);
    }

    private static void replace(Path file, String text, boolean synced) throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IOException(file + " is no file that could be written");
        }
        Files.createDirectories(parent);
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try (FileChannel channel = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer octets = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (octets.hasRemaining()) {
                channel.write(octets);
            }
            if (synced) {
                channel.force(true);
            }
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        if (synced) {
            try (FileChannel channel = FileChannel.open(parent, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
