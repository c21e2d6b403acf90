package org.anylease.chaos.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program of this machine to its end. */
public final class Command {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private Command() {}

    /**
     * What a program printed, and how it ended.
     *
     * @param exit its exit code
     * @param output standard output and standard error together
     */
    public record Result(int exit, String output) {
        /**
         * The output of a program that must have succeeded.
         *
         * @return standard output and standard error
         * @throws IllegalStateException when it ended with another code than 0
         */
        public String orThrow() {
            if (exit != 0) {
                throw new IllegalStateException("exit code " + exit + ": " + output.strip());
            }
            return output;
        }
    }

    /**
     * Runs a program and waits for its end.
     *
     * @param words the program and its arguments
     * @return how it ended
     * @throws IllegalStateException when it does not end within a minute; it is killed then
     */
    public static Result run(String... words) {
        return run(PATIENCE, List.of(words));
    }

    /**
     * Runs a program and waits for its end.
     *
     * @param patience how long to wait
     * @param words the program and its arguments
     * @return how it ended
     * @throws IllegalStateException when it does not end in time; it is killed then
     */
    public static Result run(Duration patience, List<String> words) {
        try {
            Path out = Files.createTempFile("anylease-command", ".out");
            try {
                Process process = new ProcessBuilder(words)
                        .redirectErrorStream(true)
                        .redirectOutput(out.toFile())
                        .redirectInput(ProcessBuilder.Redirect.from(
                                Path.of("/dev/null").toFile()))
                        .start();
                if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly().waitFor();
                    throw new IllegalStateException(
                            String.join(" ", words) + " did not end within " + patience + ": " + text(out));
                }
                return new Result(process.exitValue(), text(out));
            } finally {
                Files.deleteIfExists(out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + String.join(" ", words), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + String.join(" ", words), e);
        }
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    /**
     * Whether a program is installed.
     *
     * @param program its name
     * @return true when the shell finds it
     */
    public static boolean exists(String program) {
        return run("sh", "-c", "command -v " + program).exit() == 0;
    }
}
