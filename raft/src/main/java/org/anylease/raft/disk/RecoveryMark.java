package org.anylease.raft.disk;

/**
 * What a recovery leaves behind, until the cell has committed that it was recovered.
 *
 * @param epoch the epoch that begins with it
 * @param author who vouched that the other servers are off
 */
public record RecoveryMark(long epoch, String author) {}
