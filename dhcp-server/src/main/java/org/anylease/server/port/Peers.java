package org.anylease.server.port;

import org.anylease.server.partition.PeerMessage;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;

/**
 * The other servers of this server's cells. Confined to the server's loop; no method blocks.
 *
 * <p>A message goes out at most once. It may be lost, and messages may overtake each other; a message to a server that
 * cannot be reached is dropped.
 */
public interface Peers {
    /**
     * Says something to another server.
     *
     * @param to the server
     * @param cell the cell it is about
     * @param message what to say
     */
    void send(ServerId to, CellId cell, PeerMessage message);

    /**
     * Registers the one listener.
     *
     * @param listener hears what other servers say, on the loop, never from within {@link #send}
     */
    void listen(Listener listener);

    /** Hears what other servers say. */
    @FunctionalInterface
    interface Listener {
        /**
         * A message has come.
         *
         * @param cell the cell it is about, which this server may not know
         * @param from who says it
         * @param message what it says
         */
        void said(CellId cell, ServerId from, PeerMessage message);
    }
}
