package org.anylease.chaos.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.anylease.chaos.lab.AnycastLab;
import org.anylease.chaos.lab.Pulse;
import org.anylease.tools.local.WatchedProcess;

/** What each step of a test did to somebody who asks fifty times a second. */
final class PulseWatch implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final String suite;
    private final Path log;
    private final WatchedProcess pulse;
    private final long begunNanos;
    private Beat last;

    private PulseWatch(String suite, long begunNanos, Path directory, WatchedProcess pulse)
            throws IOException, InterruptedException {
        this.begunNanos = begunNanos;
        this.suite = suite;
        this.log = directory.resolve("pulse.log");
        this.pulse = pulse;
        this.last = beat();
    }

    /** What the pulse had printed once all that was asked until then was settled. */
    private record Beat(int line, long settled, long lost) {}

    /** Starts the pulse of a suite that began at a time of {@link System#nanoTime}. */
    static PulseWatch start(String suite, long begunNanos, AnycastLab lab, Path directory)
            throws IOException, InterruptedException {
        WatchedProcess pulse = Pulse.start(lab, directory);
        try {
            return new PulseWatch(suite, begunNanos, directory, pulse);
        } catch (IOException | InterruptedException e) {
            pulse.close();
            throw e;
        }
    }

    /** How many questions were lost since the last step; prints that, and the longest silence. */
    long lost(String step) throws IOException, InterruptedException {
        Beat before = last;
        last = beat();
        long lost = last.lost - before.lost;
        System.out.printf(
                "%s %4.1f s: %s: %d of %d questions lost, longest silence %d ms%n",
                suite,
                (System.nanoTime() - begunNanos) / 1e9,
                step,
                lost,
                last.settled - before.settled,
                longestSilenceMillis(before.line));
        return lost;
    }

    private Beat beat() throws IOException, InterruptedException {
        int mark = pulse.mark();
        long asked = word(pulse.awaitLine(mark, line -> line.startsWith("asked "), PATIENCE), "asked");
        String line = pulse.awaitLine(mark, said -> word(said, "settled") >= asked, PATIENCE);
        return new Beat(pulse.mark(), word(line, "settled"), word(line, "lost"));
    }

    private long longestSilenceMillis(int from) throws IOException {
        return Files.readAllLines(log).stream()
                .skip(from)
                .mapToLong(line -> word(line, "silence"))
                .max()
                .orElse(0);
    }

    private static long word(String line, String name) {
        String[] words = line.split(" ", -1);
        for (int i = 0; i + 1 < words.length; i += 2) {
            if (words[i].equals(name)) {
                return Long.parseLong(words[i + 1]);
            }
        }
        throw new IllegalStateException("the pulse says no '" + name + "' in: " + line);
    }

    @Override
    public void close() {
        pulse.close();
    }
}
