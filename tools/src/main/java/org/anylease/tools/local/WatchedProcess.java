package org.anylease.tools.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A process in the background whose output lines can be awaited; they are appended to a file as well.
 *
 * <p>Any thread may use it.
 */
public final class WatchedProcess implements AutoCloseable {
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);
    private static final int LINES_SHOWN = 30;
    private static final int LINES_MAX = 200_000;

    private final String name;
    private final Process process;
    private final List<String> lines = new ArrayList<>();
    private final Thread reader;
    private boolean ended;
    private @Nullable IOException failure;

    private WatchedProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.reader = Thread.ofVirtual().name("output-of-" + name).start(() -> read(log));
    }

    /**
     * Starts a process without standard input.
     *
     * @param name what messages call it
     * @param log where its output is appended
     * @param words the program and its arguments
     * @return the process
     * @throws IOException when it cannot be started
     */
    public static WatchedProcess start(String name, Path log, List<String> words) throws IOException {
        Process process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        return new WatchedProcess(name, process, log);
    }

    private void read(Path log) {
        try (BufferedReader source = process.inputReader(StandardCharsets.UTF_8);
                Writer copy = Files.newBufferedWriter(
                        log, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (String line = source.readLine(); line != null; line = source.readLine()) {
                copy.write(line);
                copy.write('\n');
                copy.flush();
                add(line);
            }
            end(null);
        } catch (IOException e) {
            end(e);
        }
    }

    private synchronized void add(String line) {
        if (lines.size() < LINES_MAX) {
            lines.add(line);
        }
        notifyAll();
    }

    private synchronized void end(@Nullable IOException cause) {
        ended = true;
        failure = cause;
        notifyAll();
    }

    /**
     * How many lines it has printed so far: a mark for {@link #awaitLine}.
     *
     * @return from 0
     */
    public synchronized int mark() {
        return lines.size();
    }

    /**
     * Waits for a line.
     *
     * @param from only lines from this mark on count
     * @param wanted which line
     * @param patience how long to wait
     * @return the first such line
     * @throws IOException when the process ended without printing one, or did not in time; the message holds its
     *     last lines
     * @throws InterruptedException when the waiting thread is to end
     */
    public synchronized String awaitLine(int from, Predicate<String> wanted, Duration patience)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        int next = from;
        while (true) {
            for (; next < lines.size(); next++) {
                if (wanted.test(lines.get(next))) {
                    return lines.get(next);
                }
            }
            long left = deadline - System.nanoTime();
            if (ended) {
                throw new IOException(name + " ended without the awaited line:\n" + lastLines(), failure);
            }
            if (left <= 0) {
                throw new IOException(
                        name + " did not print the awaited line within " + patience + ":\n" + lastLines());
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /**
     * The last lines that it printed, without where in the code its exceptions came from: the log has that too.
     *
     * @return at most 30 lines
     */
    public synchronized String lastLines() {
        List<String> said =
                lines.stream().filter(line -> !line.startsWith("\tat ")).toList();
        return String.join("\n", said.subList(Math.max(0, said.size() - LINES_SHOWN), said.size()));
    }

    /**
     * Its process id.
     *
     * @return as the system knows it
     */
    public long pid() {
        return process.pid();
    }

    /**
     * Whether it runs.
     *
     * @return false once it has ended
     */
    public boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Waits for its end.
     *
     * @param patience how long to wait
     * @return whether it has ended
     * @throws InterruptedException when the waiting thread is to end
     */
    public boolean awaitEnd(Duration patience) throws InterruptedException {
        return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Tells it to end, as {@code kill} does, and does not wait. */
    public void terminate() {
        // Process.destroy would close the pipe as well, and with it what the process says at its end.
        process.toHandle().destroy();
    }

    /**
     * Ends it as a power cut would: SIGKILL.
     *
     * @throws InterruptedException when the waiting thread is to end
     */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
        reader.join();
    }

    /** Ends it in good order, and by SIGKILL when that takes too long. */
    @Override
    public void close() {
        try {
            terminate();
            if (!awaitEnd(STOP_PATIENCE)) {
                process.destroyForcibly().waitFor();
            }
            reader.join();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
