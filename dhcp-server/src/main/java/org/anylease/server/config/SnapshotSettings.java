package org.anylease.server.config;

/**
 * When a server writes a snapshot of a cell, so that the log before it may go.
 *
 * @param entries after so many log entries
 * @param logOctets or after so many octets of entries
 * @param retained how many snapshots are kept
 */
public record SnapshotSettings(long entries, long logOctets, int retained) {
    /** What applies where the server's file says nothing. */
    public static final SnapshotSettings STANDARD = new SnapshotSettings(100_000, 128L << 20, 2);
}
