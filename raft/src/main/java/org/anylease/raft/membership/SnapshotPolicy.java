package org.anylease.raft.membership;

/**
 * When a replica takes a snapshot, so that the log before it may go.
 *
 * @param entriesMax after so many entries
 * @param logBytesMax or after so many bytes of entries
 * @param retained how many snapshots are kept; one more than is needed, since a follower may be reading the older
 */
public record SnapshotPolicy(long entriesMax, long logBytesMax, int retained) {
    /** A hundred thousand entries are minutes to hours of load, and seconds of replay. */
    public static final SnapshotPolicy STANDARD = new SnapshotPolicy(100_000, 128L << 20, 2);

    /** Checks the bounds. */
    public SnapshotPolicy {
        if (entriesMax < 1 || logBytesMax < 1 || retained < 1) {
            throw new IllegalArgumentException("a snapshot policy needs positive numbers, not " + entriesMax
                    + " entries, " + logBytesMax + " bytes, " + retained + " retained");
        }
    }
}
