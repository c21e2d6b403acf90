package org.anylease.chaos.hosts;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.anylease.chaos.lab.Command;
import org.jspecify.annotations.Nullable;

/** A disk of its own for one server's data, small enough to be filled. Used by one thread. */
public final class SmallDisk implements AutoCloseable {
    private static final int CHUNK = 1 << 16;

    private final Path directory;

    /**
     * Mounts it.
     *
     * @param directory where; made if need be
     * @param mebibytes its size
     * @throws IOException when the directory cannot be made
     */
    public SmallDisk(Path directory, int mebibytes) throws IOException {
        this.directory = directory;
        Files.createDirectories(directory);
        Command.run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "anylease-chaos", directory.toString())
                .orThrow();
    }

    private Path filler() {
        return directory.resolve("filler");
    }

    /**
     * Takes all the room that is left.
     *
     * @return how many bytes that was
     * @throws IOException when the file cannot be made
     */
    public long fill() throws IOException {
        long written = 0;
        try (OutputStream out = Files.newOutputStream(filler())) {
            @Nullable IOException full = null;
            byte[] zeros = new byte[CHUNK];
            while (full == null) {
                try {
                    out.write(zeros);
                    written += zeros.length;
                } catch (IOException e) {
                    full = e;
                }
            }
        }
        return written;
    }

    /**
     * Gives the room back.
     *
     * @throws IOException when the file cannot be deleted
     */
    public void free() throws IOException {
        Files.deleteIfExists(filler());
    }

    @Override
    public void close() {
        Command.run("umount", "-l", directory.toString()).orThrow();
    }
}
