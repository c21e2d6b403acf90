/**
 * The ports: what the server asks of the world, as plain interfaces.
 *
 * <p>Everything here happens on one thread, the loop: ports are called on it and call back on it, one call at a time,
 * never from inside the call that asked. No port blocks. Depends on {@code store.address} only; adapters live in
 * {@code net}, fakes in the simulator.
 */
@NullMarked
package org.anylease.server.port;

import org.jspecify.annotations.NullMarked;
