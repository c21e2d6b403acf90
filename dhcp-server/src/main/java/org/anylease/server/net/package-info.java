/**
 * The network adapters: UDP, ICMP, raw frames and the loop they live on.
 *
 * <p>Shell. Linux only: Netty's epoll transport, and libc through foreign functions where Netty has no word for it.
 * Implements {@code port}; only {@code boot} and tests may depend on it. Nothing here locks: state belongs to the loop.
 */
@NullMarked
package org.anylease.server.net;

import org.jspecify.annotations.NullMarked;
