/**
 * DHCPv4 on the wire: packets, their options, and the codec between datagrams and both.
 *
 * <p>Start at {@link org.anylease.server.wire.PacketCodec}. What it accepts is a {@link
 * org.anylease.server.wire.Packet} that needs no further checking of its form; what it refuses is a value with a reason.
 *
 * <p>Pure: no I/O, clock, threads or logging. Depends on {@code org.anylease.store.address} and the JDK.
 */
@NullMarked
package org.anylease.server.wire;

import org.jspecify.annotations.NullMarked;
