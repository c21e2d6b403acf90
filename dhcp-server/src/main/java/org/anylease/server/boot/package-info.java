/**
 * A server put together: the only package that sees both sides of every port.
 *
 * <p>All wiring, nothing else. It depends on every package of this module, and on {@code raft}.
 */
@NullMarked
package org.anylease.server.boot;

import org.jspecify.annotations.NullMarked;
