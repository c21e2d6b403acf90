package org.anylease.server.partition;

import java.time.Duration;
import java.time.Instant;

/**
 * Whether a server's clock can be trusted without asking anybody: wall time is compared with a clock that only counts,
 * and the drift that must be assumed grows while no other clock is heard of.
 *
 * <ul>
 *   <li>A jump of wall time against the counting clock by more than {@link #STEP_MAX} is a step. After one nothing is
 *       trusted until a peer's clock agrees ({@link #agreed}).
 *   <li>Without contact the clock is taken to drift by {@link #DRIFT_PPM} millionths. Past the cell's skew it is not
 *       trusted, until a peer's clock agrees again.
 * </ul>
 *
 * <p>The counting clock is the one that does not run while the host sleeps or a process is stopped on some systems:
 * waking up looks like a step, which is as well, since nobody knows how much time has passed.
 */
public final class ClockGuard {
    /** How far wall time may move against the counting clock between two looks. */
    public static final Duration STEP_MAX = Duration.ofMillis(500);

    /** The drift of a clock that is left alone, as is common for a quartz. */
    public static final int DRIFT_PPM = 50;

    private static final long MILLION = 1_000_000;

    private final Duration skew;
    private Instant lastWall;
    private long lastNanos;
    private long agreedNanos;
    private Duration stepped = Duration.ZERO;

    /**
     * What was found.
     *
     * @param trusted whether the clock can be trusted
     * @param reason what is wrong, for the operator; empty when nothing is
     */
    public record Verdict(boolean trusted, String reason) {}

    /**
     * A guard that trusts the clock it starts with.
     *
     * @param skew the bound on the difference of any two clocks
     * @param wall wall time
     * @param nanos the counting clock, in nanoseconds
     */
    public ClockGuard(Duration skew, Instant wall, long nanos) {
        this.skew = skew;
        lastWall = wall;
        lastNanos = nanos;
        agreedNanos = nanos;
    }

    /**
     * Compares the two clocks. To be called every second or so.
     *
     * @param wall wall time
     * @param nanos the counting clock, in nanoseconds
     * @return what is to be thought of the clock
     */
    public Verdict look(Instant wall, long nanos) {
        Duration apart = Duration.between(lastWall, wall).minusNanos(nanos - lastNanos);
        lastWall = wall;
        lastNanos = nanos;
        if (apart.abs().compareTo(STEP_MAX) > 0) {
            stepped = stepped.plus(apart);
            if (stepped.isZero()) {
                stepped = apart;
            }
        }
        if (!stepped.isZero()) {
            return new Verdict(
                    false,
                    "wall time has jumped by " + stepped.toMillis() + " ms; see to the host's time service. It is"
                            + " trusted again once another server's clock agrees");
        }
        Duration alone = Duration.ofNanos(nanos - agreedNanos);
        Duration drift = Duration.ofMillis(alone.toMillis() * DRIFT_PPM / MILLION);
        if (drift.compareTo(skew) > 0) {
            return new Verdict(
                    false,
                    "no other server's clock was heard of for " + alone.toHours() + " h, in which this one may have"
                            + " drifted further than the skew of " + skew.toMillis() + " ms");
        }
        return new Verdict(true, "");
    }

    /**
     * Another server's clock agrees, within the skew: as the leader's does when it takes this server's commands.
     *
     * @param nanos the counting clock, in nanoseconds
     */
    public void agreed(long nanos) {
        stepped = Duration.ZERO;
        agreedNanos = nanos;
    }
}
