package org.anylease.server.partition;

import java.time.Duration;
import java.time.Instant;

/**
 * How long a server waits for the commits of one cell before it answers alone, and whether it waits at all.
 *
 * <p>The deadline follows what commits take, so that a cell whose servers are far apart is not mistaken for one that
 * cannot commit. The breaker:
 *
 * <pre>
 *            event                                          becomes
 * closed     no quorum, or {@value #MISSES_MAX} proposals in a row past the deadline   open
 * open       a commit, however late, or a quorum found      closed
 * </pre>
 *
 * While it is open nobody waits, but for one trial each {@link #TRIAL_PERIOD}.
 */
public final class CommitWait {
    /** How many proposals in a row may miss the deadline. */
    public static final int MISSES_MAX = 3;

    /** How often a client is made to wait all the same while the breaker is open. */
    public static final Duration TRIAL_PERIOD = Duration.ofSeconds(1);

    /** The deadline is never more than so many times the configured one. */
    public static final int SLOWEST = 4;

    /** The deadline is so many times what commits take on the average, where that is more than the configured one. */
    private static final int MARGIN = 3;

    /** No deadline is shorter: a commit over a local network and a disk takes some of it. */
    private static final Duration SHORTEST = Duration.ofMillis(10);

    /** A new measurement moves the average by one part in so many. */
    private static final int SMOOTHING = 8;

    private boolean quorum = true;
    private int misses;
    private boolean open;
    private Instant since;
    private Instant nextTrial = Instant.MIN;
    private long averageNanos;

    /**
     * A closed breaker.
     *
     * @param now this server's clock
     */
    public CommitWait(Instant now) {
        since = now;
    }

    /**
     * How long to wait.
     *
     * @param configured the cell's commit deadline
     * @return at least 10 ms, at most {@link #SLOWEST} times the configured one
     */
    public Duration deadline(Duration configured) {
        Duration least = configured.compareTo(SHORTEST) < 0 ? SHORTEST : configured;
        Duration most = least.multipliedBy(SLOWEST);
        Duration measured = Duration.ofNanos(averageNanos * MARGIN);
        if (measured.compareTo(least) < 0) {
            return least;
        }
        return measured.compareTo(most) > 0 ? most : measured;
    }

    /**
     * Whether a client is to wait for a commit now. While the breaker is open this is true once in a while, and then
     * not again for {@link #TRIAL_PERIOD}.
     *
     * @param now this server's clock
     * @return false when it is to be answered alone at once, if it can be
     */
    public boolean mayWait(Instant now) {
        if (!open) {
            return true;
        }
        if (now.isBefore(nextTrial) && !nextTrial.isAfter(now.plus(TRIAL_PERIOD))) {
            return false;
        }
        nextTrial = now.plus(TRIAL_PERIOD);
        return true;
    }

    /**
     * A command was committed.
     *
     * @param took how long it took
     * @param now this server's clock
     * @return whether the breaker closes with that
     */
    public boolean committed(Duration took, Instant now) {
        long nanos = took.isNegative()
                ? 0
                : Math.min(took.toNanos(), Duration.ofMinutes(1).toNanos());
        averageNanos += (nanos - averageNanos) / SMOOTHING;
        misses = 0;
        return turn(false, now);
    }

    /**
     * A proposal is not committed by its deadline, or never will be.
     *
     * @param now this server's clock
     * @return whether the breaker opens with that
     */
    public boolean missed(Instant now) {
        misses = Math.min(MISSES_MAX, misses + 1);
        return misses >= MISSES_MAX && turn(true, now);
    }

    /**
     * The quorum was lost or found.
     *
     * @param reachable whether there is one
     * @param now this server's clock
     * @return whether the breaker opens or closes with that
     */
    public boolean quorum(boolean reachable, Instant now) {
        boolean found = reachable && !quorum;
        quorum = reachable;
        if (!reachable) {
            return turn(true, now);
        }
        if (found) {
            misses = 0;
            return turn(false, now);
        }
        return false;
    }

    private boolean turn(boolean toOpen, Instant now) {
        if (open == toOpen) {
            return false;
        }
        open = toOpen;
        since = now;
        if (open) {
            nextTrial = now.plus(TRIAL_PERIOD);
        }
        return true;
    }

    /**
     * Whether commits are known not to come through in time.
     *
     * @return whether the breaker is open
     */
    public boolean isOpen() {
        return open;
    }

    /**
     * Since when it is open or closed.
     *
     * @return by this server's clock
     */
    public Instant since() {
        return since;
    }
}
