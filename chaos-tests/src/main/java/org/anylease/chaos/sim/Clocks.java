package org.anylease.chaos.sim;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.TreeMap;
import org.anylease.store.cell.ServerId;

/** The servers' clocks: each off by something, and drifting. */
final class Clocks {
    private static final double MILLION = 1e6;

    private final InstantSource real;
    private final TreeMap<ServerId, Clock> clocks = new TreeMap<>();

    /** A clock: how far off it was when it was set, when that was, and how many microseconds it gains in a second. */
    private record Clock(Duration offset, Instant set, double gain) {
        Instant at(Instant now) {
            long gained = (long) (Duration.between(set, now).toNanos() / 1_000.0 * gain / MILLION);
            return now.plus(offset).plusNanos(gained * 1_000);
        }
    }

    Clocks(InstantSource real) {
        this.real = real;
    }

    Instant of(ServerId server) {
        Instant now = real.instant();
        Clock clock = clocks.get(server);
        return clock == null ? now : clock.at(now);
    }

    /** Sets a clock, which drifts as before. */
    void set(ServerId server, Duration offset) {
        Clock before = clocks.get(server);
        clocks.put(server, new Clock(offset, real.instant(), before == null ? 0 : before.gain));
    }

    /** Lets a clock gain so many microseconds in a second, which may be less than none. */
    void drift(ServerId server, double gain) {
        Duration offset = Duration.between(real.instant(), of(server));
        clocks.put(server, new Clock(offset, real.instant(), gain));
    }

    /** How far apart two clocks are. */
    Duration apart(ServerId one, ServerId other) {
        return Duration.between(of(one), of(other)).abs();
    }
}
