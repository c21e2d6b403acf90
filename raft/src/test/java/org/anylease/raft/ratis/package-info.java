/** Tests of the replicated log with real sockets, disks and threads, all in one process unless said otherwise. */
@NullMarked
package org.anylease.raft.ratis;

import org.jspecify.annotations.NullMarked;
