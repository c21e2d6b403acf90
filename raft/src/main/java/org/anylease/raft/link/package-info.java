/**
 * Direct connections between servers, beside Raft's own: forwarded proposals and questions of the admin side.
 *
 * <p>Runs on the server's loop. Depends on Netty, {@code store.cell} and {@code raft.event}.
 */
@NullMarked
package org.anylease.raft.link;

import org.jspecify.annotations.NullMarked;
