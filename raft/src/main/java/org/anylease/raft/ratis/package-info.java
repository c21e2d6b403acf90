/**
 * The replicated log over Apache Ratis: the only package that imports it.
 *
 * <p>Ratis' threads hand committed entries to the server's loop, which alone reads and changes lease tables; a
 * writer thread for each cell stores what changed. Depends on all other packages of this module.
 */
@NullMarked
package org.anylease.raft.ratis;

import org.jspecify.annotations.NullMarked;
