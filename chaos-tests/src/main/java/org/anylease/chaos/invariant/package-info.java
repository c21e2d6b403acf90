/**
 * The checkers, one for each invariant of docs/protocol, named alike.
 *
 * <p>They hear facts after every event and judge them by models of their own, not by the code under test. Depends on
 * nothing of {@code chaos}.
 */
@NullMarked
package org.anylease.chaos.invariant;

import org.jspecify.annotations.NullMarked;
