package org.anylease.chaos.invariant;

import java.time.Instant;
import java.util.List;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.Conflict;
import org.anylease.store.lease.ClientId;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended, after faults are over, all is healed and time has passed.
 *
 * @param now real time
 * @param history the leases that the log commits, read from its beginning once more
 * @param clients all clients that want a lease
 * @param copies how far each server that runs has applied the log
 * @param cells how each cell ended
 */
public record Ending(
        Instant now,
        List<Fact.Bind> history,
        List<ClientAtEnd> clients,
        List<CopyAtEnd> copies,
        List<CellAtEnd> cells) {
    /** Copies the lists. */
    public Ending {
        history = List.copyOf(history);
        clients = List.copyOf(clients);
        copies = List.copyOf(copies);
        cells = List.copyOf(cells);
    }

    /**
     * A cell.
     *
     * @param cell the cell
     * @param committed the last entry that was committed some seconds before
     * @param waitingSince the oldest entry that something waits on, or null
     * @param conflicts the double promises on record
     */
    public record CellAtEnd(
            CellId cell, long committed, @Nullable LogIndex waitingSince, List<Conflict> conflicts) {}

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
     * A server's copy of a cell.
     *
     * @param server the server
     * @param cell the cell
     * @param applied the last entry in its copy
     * @param pending how much of what it promised alone its disk says is not committed
     */
    public record CopyAtEnd(ServerId server, CellId cell, long applied, int pending) {}
}
