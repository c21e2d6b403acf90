/**
 * The data directory: whose it is, and that one process at a time uses it.
 *
 * <p>Touches files, nothing else. Depends on {@code store.cell}.
 */
@NullMarked
package org.anylease.raft.disk;

import org.jspecify.annotations.NullMarked;
