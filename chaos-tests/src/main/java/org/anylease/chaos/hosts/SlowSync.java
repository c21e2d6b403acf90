package org.anylease.chaos.hosts;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.anylease.chaos.lab.Command;

/**
 * Disks that are slow on demand: a library preloaded into the servers, whose {@code fsync} and {@code fdatasync} wait
 * first. Built from a page of C where there is a compiler.
 */
public final class SlowSync {
    private final Path directory;

    /**
     * Builds the library.
     *
     * @param directory where to
     * @throws IOException when it cannot be built
     */
    public SlowSync(Path directory) throws IOException {
        this.directory = directory;
        Path source = directory.resolve("slow_sync.c");
        try (InputStream text = SlowSync.class.getResourceAsStream("slow_sync.c")) {
            if (text == null) {
                throw new IOException("slow_sync.c is not in the class path");
            }
            Files.write(source, text.readAllBytes());
        }
        Command.run("gcc", "-shared", "-fPIC", "-O2", "-o", library().toString(), source.toString())
                .orThrow();
        for (int site = 1; site <= Hosts.SITES; site++) {
            delay(site, Duration.ZERO);
        }
    }

    /**
     * Whether it can be built here.
     *
     * @return whether there is a C compiler
     */
    public static boolean isPossible() {
        return Command.exists("gcc");
    }

    /**
     * The library to preload.
     *
     * @return its path
     */
    public Path library() {
        return directory.resolve("slow_sync.so");
    }

    /**
     * The file that says how slow a site's disk is, for the server's variable {@code SLOW_SYNC_FILE}.
     *
     * @param site the site
     * @return its path
     */
    public Path figure(int site) {
        return directory.resolve("slow_sync_site" + site);
    }

    /**
     * Makes every sync of a site's server take longer, from the next on.
     *
     * @param site the site
     * @param delay how much longer; zero for a healthy disk
     * @throws IOException when that cannot be said
     */
    public void delay(int site, Duration delay) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(figure(site).toFile(), "rw")) {
            file.writeLong(Long.reverseBytes(delay.toNanos() / 1000));
        }
    }
}
