/**
 * The DHCPv4 service as decisions: inputs in, effects out (RFC 2131 §4.3).
 *
 * <p>Start at {@link org.anylease.server.core.DhcpService}. It reads the applied state, changes nothing but its own
 * pending exchanges, and asks for everything else by effects.
 *
 * <p>Pure: no I/O, clock, threads, chance or logging. Depends on {@code wire}, {@code port}, {@code event} and
 * {@code org.anylease.store}.
 */
@NullMarked
package org.anylease.server.core;

import org.jspecify.annotations.NullMarked;
