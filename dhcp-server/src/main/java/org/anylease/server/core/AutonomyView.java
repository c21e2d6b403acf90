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
import org.anylease.store.alone.AloneRules;
import org.anylease.store.alone.PromiseJournal;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.PromiseRule;
import org.anylease.store.config.CellTimers;
import org.anylease.store.config.SharedNetwork;
import org.anylease.store.lease.Binding;
import org.anylease.store.replication.QuorumState;
import org.anylease.store.state.LeaseTable;

/** How well this server could serve a cell alone, put together for an operator. Looks at every binding. */
final class AutonomyView {
    private final ServerId self;
    private final CellViews cells;
    private final Journals journals;
    private final ClockTrust clock;

    AutonomyView(ServerId self, CellViews cells, Journals journals, ClockTrust clock) {
        this.self = self;
        this.cells = cells;
        this.journals = journals;
        this.clock = clock;
    }

    Autonomy of(CellId cell, Instant now) {
        LeaseTable table = cells.table(cell);
        PromiseJournal journal = journals.of(cell);
        AloneRules rules = new AloneRules(self, table, journal, now);
        QuorumState quorum = cells.quorum(cell);
        ServingMode mode = quorum.reachable()
                ? journal.pendingCount() > 0 ? ServingMode.RESYNCING : ServingMode.QUORATE
                : ServingMode.PARTITIONED;
        TreeMap<PromiseRule, Integer> pending = new TreeMap<>();
        TreeMap<PromiseRule, Long> promised = new TreeMap<>();
        for (PromiseRule rule : PromiseRule.values()) {
            pending.put(rule, 0);
            promised.put(rule, 0L);
        }
        journal.pending().forEach(promise -> pending.merge(promise.rule(), 1, Integer::sum));
        CellTimers timers = table.config().map(config -> config.timers()).orElse(null);
        return new Autonomy(
                cell,
                self,
                mode,
                quorum.since(),
                table.appliedIndex(),
                rules.fence(clock.isTrusted()).orElse(null),
                clock.reason(),
                pending,
                promised,
                journal.reported(),
                timers == null ? Duration.ZERO : timers.commitDeadline(),
                timers == null ? Duration.ZERO : knownClientsFor(timers, mode, quorum.since(), now),
                networks(table, journal),
                waiting(table));
    }

    private static Duration knownClientsFor(CellTimers timers, ServingMode mode, Instant since, Instant now) {
        if (mode != ServingMode.PARTITIONED) {
            return timers.mclt();
        }
        Duration left = Duration.between(now, since.plus(timers.mclt()));
        return left.isNegative() ? Duration.ZERO : left;
    }

    private List<NetworkAutonomy> networks(LeaseTable table, PromiseJournal journal) {
        List<NetworkAutonomy> networks = new ArrayList<>();
        table.config().ifPresent(config -> {
            for (SharedNetwork network : config.networks()) {
                int granted = 0;
                int claimed = 0;
                Instant until = null;
                for (var address : table.escrowOf(self, network.name())) {
                    Binding binding = table.binding(address).orElseThrow();
                    granted++;
                    claimed += journal.claim(address, binding.index()) == null ? 0 : 1;
                    until = until == null || binding.end().isBefore(until) ? binding.end() : until;
                }
                networks.add(new NetworkAutonomy(
                        network.name(),
                        granted,
                        claimed,
                        granted - claimed,
                        config.escrow().floor(),
                        until,
                        0,
                        null));
            }
        });
        return networks;
    }

    private static WaitingReports waiting(LeaseTable table) {
        LeaseTable.Waiting waiting = table.waiting();
        LogIndex since = table.waitingSince().orElse(null);
        List<Awaited> servers = new ArrayList<>();
        for (ServerId server : table.awaited()) {
            servers.add(new Awaited(server, LogIndex.NONE, null, since != null));
        }
        return new WaitingReports(waiting.addresses(), since, waiting.until(), servers);
    }
}
