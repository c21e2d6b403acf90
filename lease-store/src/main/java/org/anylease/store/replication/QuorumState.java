package org.anylease.store.replication;

import java.time.Instant;
import org.anylease.store.cell.ServerId;
import org.jspecify.annotations.Nullable;

/**
 * Whether this server can commit in a cell, as far as it knows.
 *
 * @param leader the cell's leader, or null when none is known
 * @param reachable whether a leader with a quorum has been heard of lately
 * @param since since when that is so, by this server's clock
 */
public record QuorumState(@Nullable ServerId leader, boolean reachable, Instant since) {}
