/**
 * What the replication shell has to tell an operator, as events with stable names.
 *
 * <p>Depends on {@code store.cell}.
 */
@NullMarked
package org.anylease.raft.event;

import org.jspecify.annotations.NullMarked;
