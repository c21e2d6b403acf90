package org.anylease.server.core;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.anylease.server.partition.Autonomy;
import org.anylease.server.partition.Autonomy.Awaited;
import org.anylease.server.partition.Autonomy.NetworkAutonomy;
import org.anylease.server.partition.Autonomy.WaitingReports;
import org.anylease.server.partition.ServingMode;
import org.anylease.store.address.Ipv4;
import org.anylease.store.alone.PromiseJournal;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.PromiseRule;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.CellTimers;
import org.anylease.store.config.SharedNetwork;
import org.anylease.store.lease.Binding;
import org.anylease.store.state.LeaseTable;
import org.anylease.store.state.Waiting;

/** How well this server could serve a cell alone, put together for an operator. Looks at every binding. */
final class AutonomyView {
    /** Fewer new clients an hour than this count as none: less than one in three weeks. */
    private static final double RATE_MIN = 0.002;

    private final Alone alone;
    private final CellViews cells;
    private final ClockTrust clock;
    private final Commits commits;
    private final Reports reports;
    private final EscrowUpkeep escrow;
    private final Newcomers newcomers;

    AutonomyView(
            Alone alone,
            CellViews cells,
            ClockTrust clock,
            Commits commits,
            Reports reports,
            EscrowUpkeep escrow,
            Newcomers newcomers) {
        this.alone = alone;
        this.cells = cells;
        this.clock = clock;
        this.commits = commits;
        this.reports = reports;
        this.escrow = escrow;
        this.newcomers = newcomers;
    }

    /** How the server serves a cell now. */
    ServingMode mode(CellId cell, Instant now) {
        if (commits.of(cell, now).isOpen()) {
            return ServingMode.PARTITIONED;
        }
        return alone.journal(cell).pendingCount() > 0 ? ServingMode.RESYNCING : ServingMode.QUORATE;
    }

    Autonomy of(CellId cell, Instant now) {
        LeaseTable table = cells.table(cell);
        PromiseJournal journal = alone.journal(cell);
        ServingMode mode = mode(cell, now);
        Instant since = commits.of(cell, now).since();
        TreeMap<PromiseRule, Integer> pending = new TreeMap<>();
        TreeMap<PromiseRule, Long> promised = new TreeMap<>();
        for (PromiseRule rule : PromiseRule.values()) {
            pending.put(rule, 0);
            promised.put(rule, alone.promisedBy(cell, rule));
        }
        journal.pending().forEach(promise -> pending.merge(promise.rule(), 1, Integer::sum));
        CellTimers timers = table.config().map(CellConfig::timers).orElse(null);
        return new Autonomy(
                cell,
                alone.self(),
                mode,
                since,
                table.appliedIndex(),
                alone.fence(cell, now),
                clock.reason(),
                pending,
                promised,
                journal.reported(),
                timers == null ? Duration.ZERO : commits.deadline(cell, timers, now),
                timers == null ? Duration.ZERO : knownClientsFor(timers, mode, since, now),
                networks(cell, now),
                waiting(cell));
    }

    private static Duration knownClientsFor(CellTimers timers, ServingMode mode, Instant since, Instant now) {
        if (mode != ServingMode.PARTITIONED) {
            return timers.mclt();
        }
        Duration left = Duration.between(now, since.plus(timers.mclt()));
        return left.isNegative() ? Duration.ZERO : left;
    }

    private List<NetworkAutonomy> networks(CellId cell, Instant now) {
        CellConfig config = cells.table(cell).config().orElse(null);
        List<NetworkAutonomy> networks = new ArrayList<>();
        if (config != null) {
            for (SharedNetwork network : config.networks()) {
                networks.add(network(cell, config, network.name(), now));
            }
        }
        return networks;
    }

    private NetworkAutonomy network(CellId cell, CellConfig config, String network, Instant now) {
        LeaseTable table = cells.table(cell);
        PromiseJournal journal = alone.journal(cell);
        int granted = 0;
        int claimed = 0;
        Instant until = null;
        for (Ipv4 address : table.escrowOf(alone.self(), network)) {
            Binding binding = table.binding(address).orElseThrow();
            granted++;
            claimed += journal.claim(address, binding.index()) == null ? 0 : 1;
            until = until == null || binding.end().isBefore(until) ? binding.end() : until;
        }
        int unclaimed = granted - claimed;
        double rate = newcomers.perHour(cell, network, now);
        Duration lasts = rate < RATE_MIN ? null : Duration.ofSeconds((long) (unclaimed * 3600L / rate));
        return new NetworkAutonomy(
                network, granted, claimed, unclaimed, escrow.wanted(cell, config, network, now), until, rate, lasts);
    }

    private WaitingReports waiting(CellId cell) {
        LeaseTable table = cells.table(cell);
        LogIndex since = table.waitingSince().orElse(null);
        Waiting waiting = since == null ? new Waiting(0, Instant.EPOCH) : table.waiting();
        List<Awaited> servers = new ArrayList<>();
        for (ServerId server : table.awaited()) {
            Reports.Heard heard = reports.find(cell, server);
            LogIndex reported = heard == null ? LogIndex.NONE : heard.index();
            boolean late = since != null && reported.compareTo(since) < 0;
            servers.add(new Awaited(server, reported, heard == null ? null : heard.at(), late));
        }
        return new WaitingReports(waiting.addresses(), since, waiting.until(), servers);
    }
}
