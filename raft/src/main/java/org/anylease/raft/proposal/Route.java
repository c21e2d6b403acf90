package org.anylease.raft.proposal;

import org.anylease.store.cell.ServerId;

/** Where a cell's batches go. */
public sealed interface Route {
    /** No leader is known. */
    record Nowhere() implements Route {}

    /** This server leads and is ready for entries. */
    record Here() implements Route {}

    /**
     * Another server leads.
     *
     * @param leader that server
     */
    record There(ServerId leader) implements Route {}
}
