package org.anylease.server.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The manual's list of events is written from the catalogue. */
final class EventsDocumentTest {
    private static final Path DOCUMENT = Path.of("../docs/operations/events.md");

    @Test
    void theManualIsWhatTheCatalogueSays() throws IOException {
        if (Boolean.getBoolean("bless")) {
            Files.writeString(DOCUMENT, document());
        }
        assertThat(Files.readString(DOCUMENT))
                .as("tools/bin/check --bless rewrites it")
                .isEqualTo(document());
    }

    @Test
    void everyEventSaysWhatHappenedAndWhatToDo() {
        for (ServerEvent event : ServerEvent.values()) {
            assertThat(event.id()).matches("[a-z]+(-[a-z]+)*");
            assertThat(event.meaning()).endsWith(".").doesNotContain("|");
            assertThat(event.action()).endsWith(".").doesNotContain("|");
            if (event.level() == Level.WARNING || event.level() == Level.ERROR) {
                assertThat(event.action()).as(event.id()).isNotEqualTo("Nothing.");
            }
        }
    }

    private static String document() {
        StringBuilder text = new StringBuilder("""
            # Events

            Written from the catalogue in the program (`org.anylease.server.event.ServerEvent`) by
            `tools/bin/check --bless`; do not edit. Every event is counted, as `anylease_events_total{event="…"}`. Those
            of the first three levels are also written to the log, at most five lines a minute of each: the next line
            says how many were left out. A line names networks, cells and servers, never a client.
            """);
        section(text, Level.ERROR, "Errors: somebody should look now");
        section(text, Level.WARNING, "Warnings: somebody should look at leisure");
        section(text, Level.INFO, "Information: a change of role or mode");
        section(text, Level.COUNTED, "Counted only: part of every day");
        return text.toString();
    }

    private static void section(StringBuilder text, Level level, String title) {
        text.append("\n## ").append(title).append("\n\n| event | what happened | what to do |\n|---|---|---|\n");
        for (ServerEvent event : ServerEvent.values()) {
            if (event.level() == level) {
                text.append(String.format(
                        Locale.ROOT, "| `%s` | %s | %s |%n", event.id(), event.meaning(), event.action()));
            }
        }
    }
}
