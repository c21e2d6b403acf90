package org.anylease.server.boot;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.anylease.server.partition.ClockGuard;
import org.jspecify.annotations.Nullable;

/**
 * Reads both clocks of the host every second, and puts together what is to be thought of them: by themselves, and
 * against the peers', which replication compares. Confined to the loop.
 */
final class ClockWatch {
    /** The two clocks are read so close to each other, or the look is worth nothing. */
    private static final Duration READING_MAX = Duration.ofMillis(20);

    private static final int READINGS_MAX = 3;
    private static final ClockGuard.Verdict FINE = new ClockGuard.Verdict(true, "");

    private final InstantSource clock;
    private final Listener listener;
    private @Nullable ClockGuard guard;
    private Duration skew = Duration.ZERO;
    private ClockGuard.Verdict local = FINE;
    private ClockGuard.Verdict peers = FINE;
    private boolean trusted = true;

    /** Hears whether the clock can be trusted, when that changes. */
    @FunctionalInterface
    interface Listener {
        void clockTrusted(boolean trusted, String reason);
    }

    private record Reading(Instant wall, long nanos) {}

    ClockWatch(InstantSource clock, Listener listener) {
        this.clock = clock;
        this.listener = listener;
    }

    /** Looks at the clocks; to be called every second. */
    void look(Duration bound) {
        Reading reading = read();
        if (reading == null) {
            return;
        }
        ClockGuard known = guard;
        if (known == null || (local.trusted() && !bound.equals(skew))) {
            known = new ClockGuard(bound, reading.wall, reading.nanos);
            guard = known;
            skew = bound;
        }
        local = known.look(reading.wall, reading.nanos);
        tell();
    }

    /** Both clocks at one time, or null on a host that is too busy to read them so. */
    private @Nullable Reading read() {
        for (int i = 0; i < READINGS_MAX; i++) {
            long before = System.nanoTime();
            Instant wall = clock.instant();
            long after = System.nanoTime();
            if (after - before <= READING_MAX.toNanos()) {
                return new Reading(wall, after);
            }
        }
        return null;
    }

    /** A leader has taken this server's commands, which it does only when the clocks agree. */
    void agreed() {
        ClockGuard known = guard;
        if (known != null) {
            known.agreed(System.nanoTime());
        }
    }

    /** What comparing the servers' clocks has come to. */
    void compared(boolean near, String reason) {
        peers = near ? FINE : new ClockGuard.Verdict(false, reason);
        tell();
    }

    private void tell() {
        boolean now = local.trusted() && peers.trusted();
        if (now != trusted) {
            trusted = now;
            listener.clockTrusted(now, local.trusted() ? peers.reason() : local.reason());
        }
    }
}
