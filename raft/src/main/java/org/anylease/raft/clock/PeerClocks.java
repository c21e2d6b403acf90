package org.anylease.raft.clock;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;
import org.anylease.store.cell.ServerId;

/**
 * The other servers' clocks, as this server has read them.
 *
 * <p>A reading is kept relative to the monotonic clock. So when this server's wall clock is set, it is at once that
 * much further from every other, without another reading: a step is seen before anything is stamped or promised by it.
 * A reading grows uncertain with age, by as much as two clocks may drift apart.
 *
 * <p>Confined to one thread.
 */
public final class PeerClocks {
    /** How fast two clocks of ordinary quartz may drift apart, in parts per million. */
    static final long DRIFT_PPM = 50;

    /** A reading that took longer says too little. */
    static final Duration ROUND_TRIP_MAX = Duration.ofSeconds(2);

    /** A leader that has just started does not stamp for so long, unless a majority's clocks were read before. */
    static final Duration UNREAD_MAX = Duration.ofSeconds(3);

    private static final long MILLION = 1_000_000;

    /** A peer's wall clock less this server's monotonic one, at some time, in nanoseconds. */
    private record Reading(long lead, long uncertainty, long at) {
        long uncertaintyAt(long nanos) {
            return uncertainty + drift(nanos - at);
        }
    }

    private final ServerId self;
    private final long startedNanos;
    private final long startedLead;
    private final TreeMap<ServerId, Reading> readings = new TreeMap<>();

    /**
     * A server that has just started, and read no clock.
     *
     * @param self the server
     * @param wall its wall clock
     * @param nanos its monotonic clock
     */
    public PeerClocks(ServerId self, Instant wall, long nanos) {
        this.self = self;
        this.startedNanos = nanos;
        this.startedLead = nanosOf(wall) - nanos;
    }

    private static long drift(long nanos) {
        return nanos / MILLION * DRIFT_PPM;
    }

    private static long nanosOf(Instant time) {
        return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
    }

    /**
     * A peer has said what time it is.
     *
     * @param peer the peer
     * @param theirs its wall clock, at some moment between the two following
     * @param askedNanos this server's monotonic clock when it asked
     * @param answeredNanos and when the answer was there
     */
    public void read(ServerId peer, Instant theirs, long askedNanos, long answeredNanos) {
        long half = (answeredNanos - askedNanos) / 2;
        if (2 * half > ROUND_TRIP_MAX.toNanos()) {
            return;
        }
        Reading next = new Reading(nanosOf(theirs) - askedNanos - half, half, answeredNanos);
        Reading before = readings.get(peer);
        boolean sharper = before != null
                && before.uncertaintyAt(answeredNanos) < next.uncertainty
                && Math.abs(before.lead - next.lead) <= before.uncertaintyAt(answeredNanos) + next.uncertainty;
        if (!sharper) {
            readings.put(peer, next);
        }
    }

    /**
     * What this server may do by its clock, among the voters of a cell. In a cell of one its clock is the cell's.
     *
     * @param voters the voters
     * @param skew the bound on the difference of any two clocks
     * @param cellTime the latest stamp
     * @param wall this server's wall clock
     * @param nanos its monotonic clock
     * @return the verdict
     */
    public ClockVerdict judge(Collection<ServerId> voters, Duration skew, Instant cellTime, Instant wall, long nanos) {
        int agreeing = 1;
        int straying = 0;
        int read = 1;
        int all = 1;
        for (ServerId voter : voters) {
            if (voter.equals(self)) {
                continue;
            }
            all++;
            Reading reading = readings.get(voter);
            if (reading != null) {
                read++;
                straying += isFar(reading, skew, wall, nanos) ? 1 : 0;
                agreeing += isNear(reading, skew, wall, nanos) ? 1 : 0;
            }
        }
        if (all == 1) {
            return new ClockVerdict(null, true);
        }
        ClockDoubt doubt = null;
        if (2 * straying > all) {
            doubt = ClockDoubt.STRAYED;
        } else if (straying >= agreeing) {
            // Of two that differ, it is the one that was set while it ran that stamps nothing.
            doubt = isStepped(skew, wall, nanos) ? ClockDoubt.STEPPED : ClockDoubt.DISPUTED;
        } else if (read == 1 && isStepped(skew, wall, nanos)) {
            doubt = ClockDoubt.STEPPED;
        } else if (read == 1 ? drift(nanos - startedNanos) > skew.toNanos() : agreeing == 1) {
            doubt = ClockDoubt.UNSEEN;
        } else if (wall.plus(skew).isBefore(cellTime)) {
            doubt = ClockDoubt.BEHIND_THE_CELL;
        }
        boolean known = 2 * read > all || nanos - startedNanos > UNREAD_MAX.toNanos();
        return new ClockVerdict(doubt, known && doubt != ClockDoubt.STRAYED && doubt != ClockDoubt.STEPPED);
    }

    /**
     * Whether a peer's clock is certainly further from this server's than the skew.
     *
     * @param peer the peer
     * @param skew the bound
     * @param wall this server's wall clock
     * @param nanos its monotonic clock
     * @return false when it was not read, or is uncertain
     */
    public boolean isAstray(ServerId peer, Duration skew, Instant wall, long nanos) {
        Reading reading = readings.get(peer);
        return reading != null && isFar(reading, skew, wall, nanos);
    }

    private static long ahead(Reading reading, Instant wall, long nanos) {
        return reading.lead + nanos - nanosOf(wall);
    }

    private static boolean isFar(Reading reading, Duration skew, Instant wall, long nanos) {
        return Math.abs(ahead(reading, wall, nanos)) - reading.uncertaintyAt(nanos) > skew.toNanos();
    }

    private static boolean isNear(Reading reading, Duration skew, Instant wall, long nanos) {
        return Math.abs(ahead(reading, wall, nanos)) + reading.uncertaintyAt(nanos) <= skew.toNanos();
    }

    private boolean isStepped(Duration skew, Instant wall, long nanos) {
        long moved = Math.abs(nanosOf(wall) - nanos - startedLead);
        return moved - drift(nanos - startedNanos) > skew.toNanos() / 2;
    }

    /**
     * The clocks that were read.
     *
     * @param wall this server's wall clock
     * @param nanos its monotonic clock
     * @return by peer
     */
    public SortedMap<ServerId, ClockState.PeerClock> all(Instant wall, long nanos) {
        TreeMap<ServerId, ClockState.PeerClock> clocks = new TreeMap<>();
        readings.forEach((peer, reading) -> clocks.put(
                peer,
                new ClockState.PeerClock(
                        Duration.ofNanos(ahead(reading, wall, nanos)),
                        Duration.ofNanos(reading.uncertaintyAt(nanos)),
                        Duration.ofNanos(nanos - reading.at))));
        return clocks;
    }
}
