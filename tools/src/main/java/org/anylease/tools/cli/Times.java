package org.anylease.tools.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times as an operator reads them: how far away, and exactly when, in UTC. */
final class Times {
    private static final DateTimeFormatter TODAY = DateTimeFormatter.ofPattern("HH:mm:ss'Z'", Locale.ROOT);
    private static final DateTimeFormatter OTHER_DAY = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm'Z'", Locale.ROOT);

    private Times() {}

    /** Such as {@code in 23m (15:04:05Z)} or {@code 3d 4h ago (2026-02-26 11:00Z)}; a dash for an empty text. */
    static String of(String time, Instant now) {
        if (time.isEmpty()) {
            return "-";
        }
        Instant instant = Instant.parse(time);
        Duration ahead = Duration.between(now, instant);
        String distance = distance(ahead.abs());
        if (ahead.abs().toSeconds() == 0) {
            return "now (" + absolute(instant, now) + ")";
        }
        return (ahead.isNegative() ? distance + " ago" : "in " + distance) + " (" + absolute(instant, now) + ")";
    }

    private static String absolute(Instant instant, Instant now) {
        boolean today = instant.atOffset(ZoneOffset.UTC)
                .toLocalDate()
                .equals(now.atOffset(ZoneOffset.UTC).toLocalDate());
        return (today ? TODAY : OTHER_DAY).format(instant.atOffset(ZoneOffset.UTC));
    }

    /** In the two largest units. */
    static String distance(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return two(seconds / 60, "m", seconds % 60, "s", seconds < 600);
        }
        if (seconds < 86_400) {
            return two(seconds / 3600, "h", seconds % 3600 / 60, "m", true);
        }
        return two(seconds / 86_400, "d", seconds % 86_400 / 3600, "h", true);
    }

    private static String two(long large, String unit, long small, String smallUnit, boolean both) {
        return large + unit + (both && small > 0 ? " " + small + smallUnit : "");
    }
}
