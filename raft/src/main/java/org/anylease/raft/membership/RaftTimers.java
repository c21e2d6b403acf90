package org.anylease.raft.membership;

import java.time.Duration;

/**
 * The times that replication goes by.
 *
 * @param electionMin a follower that hears nothing for this long may stand for election
 * @param electionMax and does so at the latest after this long; beyond it a leader counts as out of reach
 * @param proposalDeadline after this long a proposer is told that the outcome is unknown
 * @param entryGap the shortest time between two entries of a cell while commands keep coming: an entry costs about a
 *     millisecond of CPU over the cluster however many commands it holds
 * @param busyEntryGap the same while entries are well filled: clients wait a little longer then, and the cluster saves
 *     as much as they all wait
 * @param batchGap the same for the batches that a server forwards to a leader
 */
public record RaftTimers(
        Duration electionMin,
        Duration electionMax,
        Duration proposalDeadline,
        Duration entryGap,
        Duration busyEntryGap,
        Duration batchGap) {
    /** What fits a cluster over a few sites: a failover takes about a second. */
    public static final RaftTimers STANDARD = new RaftTimers(
            Duration.ofMillis(300),
            Duration.ofMillis(600),
            Duration.ofSeconds(3),
            Duration.ofMillis(2),
            Duration.ofMillis(6),
            Duration.ofMillis(1));

    /** Checks the order. */
    public RaftTimers {
        if (electionMin.compareTo(Duration.ofMillis(50)) < 0 || electionMin.compareTo(electionMax) >= 0) {
            throw new IllegalArgumentException(
                    "election timers must satisfy 50 ms <= min < max, not " + electionMin + " and " + electionMax);
        }
        if (proposalDeadline.compareTo(electionMin) < 0
                || entryGap.isNegative()
                || busyEntryGap.compareTo(entryGap) < 0
                || batchGap.isNegative()) {
            throw new IllegalArgumentException(
                    "the proposal deadline must not be below the election timer, no gap may be negative, and the gap"
                            + " between filled entries not below that between others");
        }
    }
}
