/**
 * Whether a cell can commit, as far as this server can tell, and what each replica says of itself.
 *
 * <p>Pure. Depends on {@code store}.
 */
@NullMarked
package org.anylease.raft.liveness;

import org.jspecify.annotations.NullMarked;
