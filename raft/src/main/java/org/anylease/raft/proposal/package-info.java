/**
 * How commands become batches and batches become log entries, and how each proposer learns the outcome.
 *
 * <p>Confined to the server's loop; knows neither Ratis nor sockets. Depends on {@code store}.
 */
@NullMarked
package org.anylease.raft.proposal;

import org.jspecify.annotations.NullMarked;
