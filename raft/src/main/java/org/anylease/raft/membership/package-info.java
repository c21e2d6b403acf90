/**
 * Who takes part: a server's replication settings, its peers and the voters of each cell.
 *
 * <p>Values only. Depends on {@code store.cell}.
 */
@NullMarked
package org.anylease.raft.membership;

import org.jspecify.annotations.NullMarked;
