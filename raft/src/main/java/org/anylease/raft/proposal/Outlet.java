package org.anylease.raft.proposal;

import java.util.concurrent.CompletionStage;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;

/** How a cell's pipeline reaches the log. Called on the loop; the stages complete on the loop. */
public interface Outlet {
    /**
     * Appends an entry to this server's log as the leader.
     *
     * @param cell the cell
     * @param entry the encoded entry
     * @return completes when the entry is applied, exceptionally when this server does not lead or the log refused
     */
    CompletionStage<Void> append(CellId cell, byte[] entry);

    /**
     * Sends a batch to the leader.
     *
     * @param leader the server to send it to
     * @param batch the batch
     * @return the leader's answer, exceptionally when the way there is broken
     */
    CompletionStage<ForwardAnswer> forward(ServerId leader, ForwardedBatch batch);
}
