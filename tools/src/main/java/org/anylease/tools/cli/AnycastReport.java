package org.anylease.tools.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.anylease.tools.announcer.StateFiles;

/**
 * What a site announces, as its announcer wrote it last.
 *
 * @param status what it wrote
 * @param drained whether somebody has drained the site, done or not
 * @param running whether it wrote that a moment ago
 * @param now when this was read
 */
record AnycastReport(ObjectNode status, boolean drained, boolean running, Instant now) {
    /** An announcer that waits for other programs writes no status meanwhile. */
    private static final Duration SILENCE_MAX = Duration.ofSeconds(30);

    static AnycastReport of(StateFiles files, Instant now) throws IOException {
        ObjectNode status = files.readStatus().orElseGet(AdminClient.MAPPER::createObjectNode);
        String written = status.path("writtenAt").asText();
        Duration interval = Duration.ofMillis(status.path("intervalMillis").asLong());
        boolean running = !written.isEmpty()
                && Instant.parse(written)
                        .plus(SILENCE_MAX)
                        .plus(interval.multipliedBy(3))
                        .isAfter(now)
                && ProcessHandle.of(status.path("pid").asLong()).isPresent();
        return new AnycastReport(status, files.readDrain().isPresent(), running, now);
    }

    private String text(String key) {
        return status.path(key).asText();
    }

    /** Whether the announcer has seen what was asked at some time, and brought it about. */
    boolean isDone(boolean wantDrained, Instant asked) {
        String written = text("writtenAt");
        boolean seen = !written.isEmpty() && Instant.parse(written).isAfter(asked);
        return running
                && seen
                && drained == wantDrained
                && status.hasNonNull("drained") == wantDrained
                && status.path("inForce").asBoolean();
    }

    /** What stands in the way of what was asked. */
    String obstacle() {
        if (!running) {
            return "no announcer runs (anylease anycast run)";
        }
        return text("problem").isEmpty() ? text("why") : text("problem");
    }

    boolean isWell() {
        boolean asWished =
                drained ? status.hasNonNull("drained") : text("announcement").equals("preferred");
        return running && asWished && status.path("inForce").asBoolean();
    }

    JsonNode toJson() {
        ObjectNode answer = status.deepCopy();
        answer.put("running", running);
        answer.put("well", isWell());
        return answer;
    }

    void print(Terminal terminal) {
        if (status.isEmpty()) {
            line(terminal, "announcer", "has never run here: nothing is announced by it");
            return;
        }
        line(
                terminal,
                "route",
                text("serviceAddress") + "/32 " + text("announcement")
                        + (text("since").isEmpty() ? "" : " since " + Times.of(text("since"), now))
                        + ": " + text("why"));
        JsonNode drain = status.path("drained");
        if (drain.isObject()) {
            String by = drain.path("by").asText();
            String reason = drain.path("reason").asText();
            line(
                    terminal,
                    "drained",
                    (by.isEmpty() ? "" : "by " + by + " ")
                            + Times.of(drain.path("since").asText(), now)
                            + (reason.isEmpty() ? "" : ": " + reason));
        }
        line(terminal, "server", text("health") + (text("pending").isEmpty() ? "" : "; " + text("pending")));
        JsonNode last = status.path("lastCheck");
        line(
                terminal,
                "last check",
                Times.of(text("writtenAt"), now) + ": " + last.path("health").asText() + ": "
                        + last.path("why").asText());
        if (!running) {
            line(terminal, "announcer", terminal.red("does not run: the route stays as it is, whatever happens"));
        } else if (!text("problem").isEmpty()) {
            line(terminal, "announcer", terminal.red("in trouble: " + Terminal.harmless(text("problem"))));
        } else {
            line(terminal, "announcer", "runs, process " + text("pid"));
        }
    }

    private static void line(Terminal terminal, String title, String text) {
        String shown = text.startsWith("\u001b") ? text : Terminal.harmless(text);
        terminal.out().println(title + " ".repeat(Math.max(1, 12 - title.length())) + shown);
    }
}
