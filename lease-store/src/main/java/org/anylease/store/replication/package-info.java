/**
 * The port to the replicated log of a server's cells.
 *
 * <p>Pure. Depends on {@code cell}, {@code command} and {@code state}.
 */
@NullMarked
package org.anylease.store.replication;

import org.jspecify.annotations.NullMarked;
