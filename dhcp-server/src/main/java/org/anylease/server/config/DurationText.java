package org.anylease.server.config;

import java.time.Duration;
import org.anylease.store.config.LeaseTimes;

/** Durations as operators write them: {@code 30s}, {@code 1h30m}, {@code 7d}, {@code infinite}. */
public final class DurationText {
    private static final String EXPECTED = "(expected a number with a unit, like 500ms, 30s, 5m, 2h, 7d or 2w)";
    private static final String[] UNITS = {"w", "d", "h", "m", "s", "ms"};
    private static final long[] MILLIS = {604_800_000, 86_400_000, 3_600_000, 60_000, 1000, 1};

    private DurationText() {}

    /**
     * Reads a duration.
     *
     * @param text such as {@code 5m}, {@code 1h30m} or {@code infinite}
     * @return the duration; {@link LeaseTimes#INFINITE} for {@code infinite}
     * @throws IllegalArgumentException when the text is none, or longer than {@code infinite}
     */
    public static Duration parse(String text) {
        if (text.equals("infinite")) {
            return LeaseTimes.INFINITE;
        }
        Duration duration = Duration.ZERO;
        int next = 0;
        int unitBefore = -1;
        while (next < text.length()) {
            long number = 0;
            int start = next;
            while (next < text.length() && isDigit(text.charAt(next)) && next - start < 12) {
                number = number * 10 + (text.charAt(next++) - '0');
            }
            int unitStart = next;
            while (next < text.length() && !isDigit(text.charAt(next))) {
                next++;
            }
            int unit = unit(text.substring(unitStart, next));
            if (start == unitStart || unit <= unitBefore) {
                throw notADuration(text);
            }
            unitBefore = unit;
            duration = duration.plus(Duration.ofMillis(MILLIS[unit]).multipliedBy(number));
        }
        if (unitBefore < 0) {
            throw notADuration(text);
        }
        if (duration.compareTo(LeaseTimes.INFINITE) > 0) {
            throw new IllegalArgumentException(
                    "'" + text + "' is longer than " + format(LeaseTimes.INFINITE.minusSeconds(1))
                            + ", the longest DHCP can express (expected less, or 'infinite')");
        }
        return duration;
    }

    /**
     * Writes a duration the way {@link #parse} reads it.
     *
     * @param duration zero or more, in whole milliseconds
     * @return such as {@code 1h30m}
     */
    public static String format(Duration duration) {
        if (duration.equals(LeaseTimes.INFINITE)) {
            return "infinite";
        }
        StringBuilder text = new StringBuilder();
        long rest = duration.toMillis();
        for (int i = 1; i < UNITS.length; i++) {
            if (rest >= MILLIS[i]) {
                text.append(rest / MILLIS[i]).append(UNITS[i]);
                rest %= MILLIS[i];
            }
        }
        return text.isEmpty() ? "0s" : text.toString();
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static int unit(String name) {
        for (int i = 0; i < UNITS.length; i++) {
            if (UNITS[i].equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private static IllegalArgumentException notADuration(String text) {
        return new IllegalArgumentException("'" + text + "' is no duration " + EXPECTED);
    }
}
