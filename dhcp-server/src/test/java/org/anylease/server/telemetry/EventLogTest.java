package org.anylease.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

final class EventLogTest {
    @Test
    void writesAFewOfEachKindAndCountsTheRest() {
        Logger logger = new LoggerContext().getLogger("events");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        EventLog log = new EventLog(logger, now::get);
        EventLog.Kind lost = new EventLog.Kind("quorum-lost", Level.WARN, "No quorum.", "See the network.");
        EventLog.Kind found = new EventLog.Kind("quorum-found", Level.INFO, "A quorum.", "Nothing.");
        for (int i = 0; i < 100; i++) {
            log.happened(lost, "cell east");
        }
        log.happened(found, "cell east");
        assertThat(lines.list).hasSize(EventLog.LINES_MAX + 1);
        now.set(Instant.EPOCH.plus(EventLog.WINDOW).plusMillis(1));
        log.happened(lost, "cell east");
        ILoggingEvent last = lines.list.getLast();
        assertThat(last.getLevel()).isEqualTo(ch.qos.logback.classic.Level.WARN);
        assertThat(last.getFormattedMessage())
                .isEqualTo("quorum-lost: No quorum. (cell east) [and 95 more that were not written] See the network.");
    }
}
