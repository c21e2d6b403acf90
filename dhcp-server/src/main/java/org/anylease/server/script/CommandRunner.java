package org.anylease.server.script;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs commands out of everybody's way. A command is a file that is executed with arguments, never a text for a shell;
 * it reads nothing, what it writes is thrown away, and its environment is {@code PATH} alone. {@link #run} returns at
 * once, from any thread; what finds no room among those that wait is dropped. Nothing is run again.
 */
public final class CommandRunner implements AutoCloseable {
    private static final Map<String, String> ENVIRONMENT = Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");

    private static final Duration CLOSING = Duration.ofSeconds(2);

    private final SortedMap<String, Path> allowed;
    private final Duration timeout;
    private final Listener listener;
    private final ThreadPoolExecutor threads;

    /** What became of a command. */
    public enum Result {
        /** It ended with exit code 0. */
        SUCCEEDED,
        /** It could not be started, or ended otherwise. */
        FAILED,
        /** It ran for too long, and was killed. */
        TIMED_OUT,
        /** Too many waited. */
        DROPPED,
        /** This server does not allow it. */
        REFUSED
    }

    /** Hears of every command once, on any thread. */
    @FunctionalInterface
    public interface Listener {
        /**
         * A command came to its end.
         *
         * @param command its name
         * @param result what became of it
         * @param details what an operator should know, maybe empty
         */
        void ended(String command, Result result, String details);
    }

    /**
     * Starts nothing yet.
     *
     * @param allowed the commands' files by name
     * @param timeout how long one may run
     * @param atOnce how many run at a time
     * @param waiting how many may wait
     * @param listener hears what became of each
     */
    public CommandRunner(
            SortedMap<String, Path> allowed, Duration timeout, int atOnce, int waiting, Listener listener) {
        this.allowed = new TreeMap<>(allowed);
        this.timeout = timeout;
        this.listener = listener;
        threads = new ThreadPoolExecutor(
                atOnce,
                atOnce,
                1,
                TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(waiting),
                Thread.ofPlatform().name("anylease-command-", 0).daemon().factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Runs a command, soon.
     *
     * @param command its name
     * @param arguments its arguments
     */
    public void run(String command, List<String> arguments) {
        Path file = allowed.get(command);
        if (file == null) {
            listener.ended(command, Result.REFUSED, "not among 'commands' of this server");
            return;
        }
        List<String> words = new ArrayList<>(List.of(file.toString()));
        words.addAll(arguments);
        try {
            threads.execute(() -> execute(command, words));
        } catch (RejectedExecutionException e) {
            listener.ended(command, Result.DROPPED, "too many wait");
        }
    }

    private void execute(String command, List<String> words) {
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().clear();
        builder.environment().putAll(ENVIRONMENT);
        builder.directory(Path.of("/").toFile());
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        Process process;
        try {
            process = builder.start();
        } catch (IOException | RuntimeException e) {
            listener.ended(command, Result.FAILED, String.valueOf(e.getMessage()));
            return;
        }
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                kill(process);
                listener.ended(command, Result.TIMED_OUT, "killed after " + timeout.toSeconds() + " s");
            } else if (process.exitValue() == 0) {
                listener.ended(command, Result.SUCCEEDED, "");
            } else {
                listener.ended(command, Result.FAILED, "exit code " + process.exitValue());
            }
        } catch (InterruptedException e) {
            kill(process);
            listener.ended(command, Result.FAILED, "this server ended");
            Thread.currentThread().interrupt();
        }
    }

    /** With all that it started. */
    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** Kills what runs, and forgets what waits. */
    @Override
    public void close() {
        threads.shutdownNow();
        try {
            // The children are killed by the threads that wait for them.
            boolean _ = threads.awaitTermination(CLOSING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
