/**
 * Whether this server's clock is near enough to the others' to promise by it, and to stamp entries with it.
 *
 * <p>Pure: the time is an argument, on the wall and monotonic. Depends on {@code store.cell}.
 */
@NullMarked
package org.anylease.raft.clock;

import org.jspecify.annotations.NullMarked;
