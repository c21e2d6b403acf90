/**
 * Stories with time in them, one idea each, told in a small language and replayed on the simulation.
 *
 * <p>Depends on {@code sim}.
 */
@NullMarked
package org.anylease.chaos.scenario;

import org.jspecify.annotations.NullMarked;
