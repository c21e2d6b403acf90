package org.anylease.server.telemetry;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentSkipListMap;
import org.anylease.server.event.ServerEvent;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * Writes events to the log, each kind at most so often: a client that repeats itself cannot fill a disk. What was left
 * out is counted in the kind's next line, so nothing happens unseen.
 *
 * <p>From any thread. A line reads {@code id: what happened (details). What to do.}; the ids are stable.
 */
public final class EventLog {
    /** How many lines one kind of event may write in a window. */
    public static final int LINES_MAX = 5;

    /** How many lines an operator's own action may write in a window. */
    public static final int ACTION_LINES_MAX = 300;

    /** The window. */
    public static final Duration WINDOW = Duration.ofMinutes(1);

    private final Logger logger;
    private final InstantSource clock;
    private final ConcurrentSkipListMap<String, Limit> limits = new ConcurrentSkipListMap<>();

    /**
     * A log of events.
     *
     * @param logger where lines go
     * @param clock for the windows
     */
    public EventLog(Logger logger, InstantSource clock) {
        this.logger = logger;
        this.clock = clock;
    }

    /**
     * A kind of event.
     *
     * @param id stable, such as {@code quorum-lost}; the number of kinds is small and fixed
     * @param level how loudly it is told
     * @param meaning what happened
     * @param action what an operator should do
     */
    public record Kind(String id, Level level, String meaning, String action) {}

    /**
     * An event happened.
     *
     * @param kind what
     * @param details where, such as a cell or a peer; never a client's identity
     */
    public void happened(Kind kind, String details) {
        Limit limit = limits.computeIfAbsent(kind.id, id -> new Limit());
        long leftOut = limit.admit(clock.instant(), LINES_MAX);
        if (leftOut < 0) {
            return;
        }
        logger.atLevel(kind.level)
                .log(
                        "{}: {} ({}){} {}",
                        kind.id,
                        kind.meaning,
                        details,
                        leftOut == 0 ? "" : " [and " + leftOut + " more that were not written]",
                        kind.action);
    }

    /**
     * An event of the server's catalogue happened; one that is only counted is not written.
     *
     * @param event what
     * @param details where; never a client's identity
     */
    public void happened(ServerEvent event, String details) {
        switch (event.level()) {
            case COUNTED -> {}
            case INFO -> happened(event, Level.INFO, details);
            case WARNING -> happened(event, Level.WARN, details);
            case ERROR -> happened(event, Level.ERROR, details);
        }
    }

    /**
     * Writes what an operator wants logged.
     *
     * @param action whose it is; their number is bounded
     * @param level how loudly; nothing is written of what is only counted
     * @param text printable
     */
    public void said(String action, org.anylease.server.event.Level level, String text) {
        Limit limit = limits.computeIfAbsent("action " + action, id -> new Limit());
        long leftOut = limit.admit(clock.instant(), ACTION_LINES_MAX);
        if (leftOut >= 0) {
            String more = leftOut == 0 ? "" : " [and " + leftOut + " more that were not written]";
            switch (level) {
                case COUNTED -> {}
                case INFO -> logger.info("action {}: {}{}", action, text, more);
                case WARNING -> logger.warn("action {}: {}{}", action, text, more);
                case ERROR -> logger.error("action {}: {}{}", action, text, more);
            }
        }
    }

    private void happened(ServerEvent event, Level level, String details) {
        happened(new Kind(event.id(), level, event.meaning(), event.action()), details);
    }

    /** How often one kind was written lately. */
    private static final class Limit {
        private Instant windowEnd = Instant.MIN;
        private int lines;
        private long leftOut;

        /** How many events were left out before this one, or -1 when this one is left out as well. */
        synchronized long admit(Instant now, int linesMax) {
            if (now.isAfter(windowEnd)) {
                windowEnd = now.plus(WINDOW);
                lines = 0;
            }
            if (lines >= linesMax) {
                leftOut++;
                return -1;
            }
            lines++;
            long before = leftOut;
            leftOut = 0;
            return before;
        }
    }
}
