package org.anylease.server.leasequery;

import java.io.IOException;
import java.util.function.Consumer;

/** Where the leases are read that bulk queries ask for: beside the packets, which wait for none of it. */
public interface BulkLeases {
    /**
     * Begins to read what a query asks for, as it is now.
     *
     * @param query the query
     * @return to be read by one thread at a time, and closed
     * @throws IOException when it cannot be read; a message for the requester
     */
    Reading open(BulkQuery query) throws IOException;

    /** The leases that a query asks for. */
    interface Reading extends AutoCloseable {
        /**
         * Reads on.
         *
         * @param recordsMax how many records to look at, at most
         * @param found takes those that the query asks for
         * @return false when there are no more
         * @throws java.io.UncheckedIOException when it cannot be read any further
         */
        boolean advance(int recordsMax, Consumer<LeaseFacts> found);

        /**
         * What could not be read from the beginning.
         *
         * @return for the requester; empty when nothing is missing
         */
        String missing();

        @Override
        void close();
    }
}
