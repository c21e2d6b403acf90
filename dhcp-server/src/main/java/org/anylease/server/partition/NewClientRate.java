package org.anylease.server.partition;

import java.time.Duration;
import java.time.Instant;

/**
 * How many new clients a server sees in a network: an average that forgets the past by half every {@link #HALF_LIFE}.
 * Counts of a young server are taken as if it had been watching for half an hour, so that its first client is no rate.
 */
public final class NewClientRate {
    /** How fast the past is forgotten. */
    public static final Duration HALF_LIFE = Duration.ofHours(6);

    /** The mean life of a count with that half-life, in hours. */
    private static final double MEAN_HOURS = HALF_LIFE.toHours() / Math.log(2);

    private static final double WATCHED_HOURS_MIN = 0.5;

    private final Instant began;
    private Instant last;
    private double count;

    /**
     * Nothing seen yet.
     *
     * @param now this server's clock
     */
    public NewClientRate(Instant now) {
        began = now;
        last = now;
    }

    /**
     * A new client was served.
     *
     * @param now this server's clock
     */
    public void seen(Instant now) {
        count = decayed(now) + 1;
        last = now.isAfter(last) ? now : last;
    }

    private double decayed(Instant now) {
        return count * Math.exp(-hours(last, now) / MEAN_HOURS);
    }

    private static double hours(Instant from, Instant to) {
        return Math.max(0, Duration.between(from, to).toMillis() / 3_600_000.0);
    }

    /**
     * The rate.
     *
     * @param now this server's clock
     * @return new clients an hour
     */
    public double perHour(Instant now) {
        double watched = MEAN_HOURS * (1 - Math.exp(-hours(began, now) / MEAN_HOURS));
        return decayed(now) / Math.max(WATCHED_HOURS_MIN, watched);
    }
}
