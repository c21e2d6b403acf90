/**
 * What is done when a client gets, gives back or loses a lease: a line is logged, or a command is run.
 *
 * <p>Start at {@link org.anylease.server.action.LeaseActions}. What is to be done is worked out here and carried out by
 * others.
 *
 * <p>Pure: no I/O, clock, threads, chance or logging. Depends on {@code expression}.
 */
@NullMarked
package org.anylease.server.action;

import org.jspecify.annotations.NullMarked;
