package org.anylease.tools.announcer;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * Another program, run to its end.
 *
 * @param exit its exit code
 * @param output standard output and standard error together, as far as kept
 */
record ProgramRun(int exit, String output) {
    /** No program that answers at all takes longer. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int OUTPUT_OCTETS_MAX = 64 << 10;

    /** Runs a program; one that does not end in time is killed. */
    static ProgramRun of(List<String> words) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(words).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new IOException("cannot run " + words.getFirst() + ": " + e.getMessage(), e);
        }
        try {
            process.getOutputStream().close();
            FutureTask<byte[]> output = new FutureTask<>(() -> {
                byte[] kept = process.getInputStream().readNBytes(OUTPUT_OCTETS_MAX);
                process.getInputStream().transferTo(OutputStream.nullOutputStream());
                return kept;
            });
            Thread.ofVirtual().name("output-of-" + words.getFirst()).start(output);
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(words.getFirst() + " has not ended within " + PATIENCE.toSeconds() + " s");
            }
            return new ProgramRun(process.exitValue(), new String(output.get(), StandardCharsets.UTF_8).strip());
        } catch (ExecutionException e) {
            throw new IOException("the output of " + words.getFirst() + " cannot be read", e);
        } finally {
            process.destroyForcibly();
        }
    }

    /** What it printed, when it succeeded. */
    String orThrow(String what) throws IOException {
        if (exit != 0) {
            throw new IOException(what + " failed with exit code " + exit + (output.isEmpty() ? "" : ": " + brief()));
        }
        return output;
    }

    /** What it printed, on one line. */
    String brief() {
        return output.replaceAll("\\s*\n\\s*", " / ");
    }
}
