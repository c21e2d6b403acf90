/**
 * The server's loop, with failures that nobody overlooks.
 *
 * <p>Depends on nothing but Netty.
 */
@NullMarked
package org.anylease.raft.loop;

import org.jspecify.annotations.NullMarked;
