package org.anylease.tools.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One server as a process of its own, with its output in a file and its end in our hands. */
public final class ServerProcess implements AutoCloseable {
    /** What a server prints once it answers clients. */
    public static final String READY = "SERVER_READY";

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);
    private static final int LINES_KEPT = 30;

    private final String name;
    private final Process process;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final Deque<String> lastLines = new ArrayDeque<>();
    private final Thread reader;

    private ServerProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.reader = Thread.ofVirtual().name("output-of-" + name).start(() -> read(log));
    }

    /**
     * What to start.
     *
     * @param name the server's name, for messages
     * @param prefix words before the command, such as {@code ip netns exec NAME}; may be empty
     * @param jvmOptions options of the virtual machine beside those that every server needs
     * @param config the server's own configuration file
     * @param log where its output is appended
     */
    public record Launch(String name, List<String> prefix, List<String> jvmOptions, Path config, Path log) {
        /** Copies the lists. */
        public Launch {
            prefix = List.copyOf(prefix);
            jvmOptions = List.copyOf(jvmOptions);
        }
    }

    /**
     * Starts a server with this process' own JDK and class path.
     *
     * @param launch what to start
     * @return the process, perhaps not ready yet
     * @throws IOException when the process cannot be started
     */
    public static ServerProcess start(Launch launch) throws IOException {
        List<String> words = new ArrayList<>(launch.prefix);
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(launch.jvmOptions);
        words.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "org.anylease.tools.cli.Anylease",
                "server",
                "run",
                "--config",
                launch.config.toString()));
        Process process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        return new ServerProcess(launch.name, process, launch.log);
    }

    private void read(Path log) {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
                Writer copy = Files.newBufferedWriter(
                        log, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                copy.write(line);
                copy.write('\n');
                copy.flush();
                keep(line);
                if (line.contains(READY)) {
                    ready.complete(null);
                }
            }
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
        ready.completeExceptionally(new IOException(name + " ended before it was ready:\n" + lastLines()));
    }

    private synchronized void keep(String line) {
        if (lastLines.size() == LINES_KEPT) {
            lastLines.removeFirst();
        }
        lastLines.addLast(line);
    }

    /**
     * The last lines that it printed.
     *
     * @return at most 30 lines
     */
    public synchronized String lastLines() {
        return String.join("\n", lastLines);
    }

    /**
     * Waits until it answers clients.
     *
     * @param patience how long to wait
     * @return this
     * @throws IOException when it ended, or is not ready in time; the message holds its last lines
     * @throws InterruptedException when the waiting thread is to end
     */
    public ServerProcess awaitReady(Duration patience) throws IOException, InterruptedException {
        try {
            ready.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return this;
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e);
        } catch (TimeoutException e) {
            throw new IOException(name + " is not ready after " + patience + ":\n" + lastLines(), e);
        }
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
            process.destroy();
            if (!process.waitFor(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                kill();
            }
            reader.join();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
