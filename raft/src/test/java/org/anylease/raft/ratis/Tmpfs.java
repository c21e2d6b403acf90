package org.anylease.raft.ratis;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A small disk of its own, unmounted at the end. */
final class Tmpfs implements AutoCloseable {
    private final Path root;

    private Tmpfs(Path root) {
        this.root = root;
    }

    /** Mounts one; skips the test, saying why, where that is not permitted. */
    static Tmpfs mount(Path root, int mebibytes) throws IOException {
        Files.createDirectories(root);
        String refusal = run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", root.toString());
        if (!refusal.isEmpty()) {
            System.out.println("skipped: a disk that fills needs a tmpfs, which needs root: " + refusal);
        }
        Assumptions.assumeTrue(refusal.isEmpty(), refusal);
        return new Tmpfs(root);
    }

    Path root() {
        return root;
    }

    private Path filler() {
        return root.resolve("filler");
    }

    /** Takes all the space there is but some. */
    void fill(int kibibytesLeft) throws IOException {
        long octets = Files.getFileStore(root).getUsableSpace() - ((long) kibibytesLeft << 10);
        try (FileChannel channel = FileChannel.open(filler(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            ByteBuffer zeros = ByteBuffer.allocate(4096);
            for (long left = octets; left > 0; left -= zeros.capacity()) {
                channel.write(zeros.clear());
            }
        }
    }

    /** Gives the space back. */
    void free() throws IOException {
        Files.deleteIfExists(filler());
    }

    /** Runs a command; empty when it ended well, else what it said. */
    private static String run(String... words) throws InterruptedIOException {
        try {
            Process process =
                    new ProcessBuilder(List.of(words)).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor() == 0 ? "" : said.isEmpty() ? "it failed" : said;
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("while waiting for " + String.join(" ", words));
        }
    }

    @Override
    public void close() throws IOException {
        // Lazily: a server that failed to start may still hold a file.
        String refusal = run("umount", "-l", root.toString());
        if (!refusal.isEmpty()) {
            throw new IOException(root + " is still mounted: " + refusal);
        }
    }
}
