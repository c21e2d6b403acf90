package org.anylease.tools.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.anylease.server.config.DurationText;
import picocli.CommandLine.Option;

/** How long a command waits for what it has set going, and what it shows meanwhile. */
final class Waiting {
    private static final long POLL_MILLIS = 200;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            defaultValue = "2m",
            description = "How long to wait until it is done; 0s for not at all. Default: ${DEFAULT-VALUE}")
    private String wait = "2m";

    /** Whether it waits at all. */
    boolean isWanted() {
        return !patience().isZero();
    }

    String shown() {
        return wait;
    }

    /** Asks again and again until it is done or the time is over; the last answer, done or not. */
    JsonNode await(
            AdminClient client, Supplier<JsonNode> ask, Predicate<JsonNode> done, Function<JsonNode, String> progress) {
        long deadline = System.nanoTime() + patience().toNanos();
        JsonNode answer = ask.get();
        long shown = 0;
        while (!done.test(answer) && System.nanoTime() < deadline) {
            client.progress(Terminal.harmless(progress.apply(answer)), shown == 0);
            shown++;
            try {
                // What is awaited happens on other machines: it can only be asked for.
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CliFailure(ExitCode.FAILED, "interrupted", "start the command again");
            }
            answer = ask.get();
        }
        client.clearProgress(shown);
        return answer;
    }

    private Duration patience() {
        try {
            return DurationText.parse(wait);
        } catch (IllegalArgumentException e) {
            throw new CliFailure(
                    ExitCode.USAGE,
                    "--wait: " + Optional.ofNullable(e.getMessage()).orElse("no duration"),
                    "--wait 10s, for example");
        }
    }
}
