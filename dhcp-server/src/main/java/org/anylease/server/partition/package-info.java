/**
 * What one server needs to know and decide beside the rules of promising alone: how long to wait for a commit, what
 * servers say to each other about it, how much escrow is wanted, whether the clock can be trusted, and what of all that
 * is shown.
 *
 * <p>Pure. Depends on {@code lease-store} only; {@code core} turns what is decided here into effects.
 */
@NullMarked
package org.anylease.server.partition;

import org.jspecify.annotations.NullMarked;
