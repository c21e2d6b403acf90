package org.anylease.chaos.invariant;

import java.time.Instant;
import java.util.List;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.ServerId;
import org.anylease.store.lease.ClientId;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended, after faults are over, all is healed and time has passed.
 *
 * @param now real time
 * @param history the leases that the log commits, read from its beginning once more
 * @param clients all clients that want a lease
 * @param copies how far each server that runs has applied the log
 * @param committed the last entry that was committed some seconds before
 */
public record Ending(
        Instant now, List<Fact.Bind> history, List<ClientAtEnd> clients, List<CopyAtEnd> copies, long committed) {
    /** Copies the lists. */
    public Ending {
        history = List.copyOf(history);
        clients = List.copyOf(clients);
        copies = List.copyOf(copies);
    }

    /**
     * A client.
     *
     * @param name what the trace calls it
     * @param client its identity
     * @param served whether it holds a lease, or got one lately
     * @param available an address that the cell would offer it, or null
     */
    public record ClientAtEnd(
            String name,
            ClientId client,
            boolean served,
            @Nullable Ipv4 available) {}

    /**
     * A server's copy.
     *
     * @param server the server
     * @param applied the last entry in its copy
     */
    public record CopyAtEnd(ServerId server, long applied) {}
}
