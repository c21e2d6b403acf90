/**
 * What goes wrong in a simulation, and when.
 *
 * <p>Values drawn from the seed; {@code sim} makes them happen. Depends on nothing of {@code chaos}.
 */
@NullMarked
package org.anylease.chaos.fault;

import org.jspecify.annotations.NullMarked;
