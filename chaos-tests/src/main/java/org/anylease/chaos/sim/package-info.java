/**
 * The simulated world: one queue of events in virtual time, in which several servers with the real core serve clients
 * through a network and a replicated log that both misbehave by the seed.
 *
 * <p>No threads, no wall clock, no unordered collections: a seed is one run. Depends on the other packages of
 * {@code chaos} but for {@code scenario}, and on the parts of the server that are pure.
 */
@NullMarked
package org.anylease.chaos.sim;

import org.jspecify.annotations.NullMarked;
