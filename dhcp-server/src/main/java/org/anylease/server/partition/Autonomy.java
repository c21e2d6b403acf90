package org.anylease.server.partition;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.anylease.store.alone.Fence;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.PromiseRule;
import org.jspecify.annotations.Nullable;

/**
 * How well a server could serve a cell alone, and what waits for whom.
 *
 * @param cell the cell
 * @param server this server
 * @param mode how it serves now
 * @param since since when, by its clock
 * @param appliedIndex how far it has applied the log
 * @param fence why it may promise nothing alone; null when it may
 * @param clockReason what is wrong with its clock; empty when nothing is
 * @param pending promises made alone and not committed yet, by rule; every rule is there
 * @param promised promises made alone since the process started, by rule; every rule is there
 * @param reported the highest entry that this server ever reported
 * @param commitDeadline how long it waits for a commit now
 * @param knownClientsFor how long from now every client that holds a lease can at least be served if nothing commits
 *     any more: MCLT, counted from when the last commit was possible
 * @param networks one for each network, in order of the configuration
 * @param waiting what waits for reports, in the state that this server has applied
 */
public record Autonomy(
        CellId cell,
        ServerId server,
        ServingMode mode,
        Instant since,
        LogIndex appliedIndex,
        @Nullable Fence fence,
        String clockReason,
        SortedMap<PromiseRule, Integer> pending,
        SortedMap<PromiseRule, Long> promised,
        LogIndex reported,
        Duration commitDeadline,
        Duration knownClientsFor,
        List<NetworkAutonomy> networks,
        WaitingReports waiting) {
    /** Copies the collections. */
    public Autonomy {
        pending = Collections.unmodifiableSortedMap(new TreeMap<>(pending));
        promised = Collections.unmodifiableSortedMap(new TreeMap<>(promised));
        networks = List.copyOf(networks);
    }

    /**
     * What a server may give out alone in one network.
     *
     * @param network the shared network's name
     * @param granted how many addresses are set aside for this server
     * @param claimed how many of them it gave out, gave back or found in use
     * @param unclaimed how many it could still give to anybody
     * @param wanted how many it would like to have, by what it observed
     * @param until when the first grant of those ends; null when there is none
     * @param newClientsPerHour what it observed
     * @param lasts how long the unclaimed ones last at that rate; null when no new client was observed
     */
    public record NetworkAutonomy(
            String network,
            int granted,
            int claimed,
            int unclaimed,
            int wanted,
            @Nullable Instant until,
            double newClientsPerHour,
            @Nullable Duration lasts) {}

    /**
     * What waits until servers have reported.
     *
     * @param addresses how many addresses
     * @param since the oldest entry that something waits on; null when nothing waits
     * @param until when, in cell time, the last of them waits no longer though no report comes; {@link
     *     org.anylease.store.lease.Binding#TIME_MAX} when only reports free it, the epoch when nothing waits
     * @param servers the servers whose reports count, in order of name
     */
    public record WaitingReports(int addresses, @Nullable LogIndex since, Instant until, List<Awaited> servers) {
        /** Copies the list. */
        public WaitingReports {
            servers = List.copyOf(servers);
        }
    }

    /**
     * A server whose report counts.
     *
     * @param server the server
     * @param reported the highest entry it reported to this server, {@link LogIndex#NONE} when it has not; only the
     *     cell's leader asks for reports, and every new one begins anew
     * @param heard when it last reported to this server, null when it has not
     * @param late whether what waits, waits for this one
     */
    public record Awaited(
            ServerId server, LogIndex reported, @Nullable Instant heard, boolean late) {}
}
