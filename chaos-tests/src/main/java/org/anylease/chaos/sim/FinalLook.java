package org.anylease.chaos.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.anylease.chaos.client.SimulatedClient;
import org.anylease.chaos.invariant.Ending;
import org.anylease.chaos.invariant.Fact;
import org.anylease.chaos.invariant.PoolsForMembers;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.CellId;
import org.anylease.store.lease.LeaseClient;
import org.anylease.store.state.LeaseTable;
import org.jspecify.annotations.Nullable;

/** Looks at a cluster near the end of a run and at the end, for the checkers to judge the run as a whole. */
final class FinalLook {
    /** How long it may take to notice that such a wait is over, with clocks apart. */
    private static final Duration NOTICED = Duration.ofSeconds(20);

    private final SimulatedCluster cluster;

    FinalLook(SimulatedCluster cluster) {
        this.cluster = cluster;
    }

    /** How far the log is, which clients could be offered an address, and how often each was served. */
    record Glimpse(Instant at, SortedMap<CellId, Long> committed, List<Boolean> available, List<Long> served) {}

    /** Looks at the cluster. A client whose address became free only after that has had no time to ask for it. */
    Glimpse glimpse() {
        TreeMap<CellId, Long> committed = new TreeMap<>();
        cluster.rafts()
                .forEach((cell, raft) -> committed.put(cell, (long) raft.log().size()));
        return new Glimpse(
                cluster.queue().instant(),
                committed,
                cluster.clients().stream()
                        .map(client -> availableFor(client) != null)
                        .toList(),
                cluster.clients().stream().map(SimulatedClient::acknowledged).toList());
    }

    /** Has every checker judge the whole run. */
    void judge(Glimpse before) {
        List<Ending.ClientAtEnd> atEnd = new ArrayList<>();
        for (int i = 0; i < cluster.clients().size(); i++) {
            SimulatedClient client = cluster.clients().get(i);
            boolean served = client.uses() != null || client.acknowledged() > before.served.get(i);
            Ipv4 available = served || !before.available.get(i) ? null : availableFor(client);
            atEnd.add(new Ending.ClientAtEnd(client.name(), client.id(), served, available));
        }
        List<Ending.CopyAtEnd> copies = new ArrayList<>();
        List<Ending.CellAtEnd> cells = new ArrayList<>();
        List<Fact.Bind> history = new ArrayList<>();
        cluster.rafts().forEach((cell, raft) -> {
            history.addAll(Witness.history(cell, raft.log()));
            LeaseTable truth = raft.witness().table();
            cells.add(new Ending.CellAtEnd(
                    cell,
                    before.committed.getOrDefault(cell, 0L),
                    waitsForTime(truth) ? null : truth.waitingSince().orElse(null),
                    truth.conflicts()));
            for (SimulatedServer server : cluster.servers().values()) {
                copies.add(new Ending.CopyAtEnd(
                        server.id(),
                        cell,
                        raft.replica(server.id()).applied().value(),
                        pendingSince(before.at, server, cell)));
            }
        });
        cluster.watch().atTheEnd(new Ending(cluster.queue().instant(), history, atEnd, copies, cells));
    }

    /** Whether a server was declared down, and its longest lease may still run: that is waited for by the clock. */
    private boolean waitsForTime(LeaseTable truth) {
        Instant lately = cluster.queue().instant().minus(NOTICED);
        return truth.awaited().stream()
                .flatMap(server -> truth.awaitedDespiteDown(server).stream())
                .anyMatch(over -> over.isAfter(lately));
    }

    private static int pendingSince(Instant before, SimulatedServer server, CellId cell) {
        return (int) server.disk().journal().load(cell).pending().stream()
                .filter(promise -> promise.promised().isBefore(before))
                .count();
    }

    private @Nullable Ipv4 availableFor(SimulatedClient client) {
        Access access = cluster.accessOf(client);
        if (access == null) {
            return null;
        }
        byte[] mac = client.hardware().bytes();
        byte[] typed = new byte[1 + mac.length];
        typed[0] = (byte) client.hardware().type();
        System.arraycopy(mac, 0, typed, 1, mac.length);
        LeaseClient asking = new LeaseClient(client.id(), Octets.of(typed), "", Octets.EMPTY, Ipv4.UNSPECIFIED)
                .in(PoolsForMembers.classesOf(Octets.of(typed)));
        String network = networkOf(access);
        return cluster.truth(Terrain.cellOf(network))
                .wouldOffer(asking, network, null, cluster::answersPing)
                .filter(address -> !cluster.answersPing(address))
                .orElse(null);
    }

    private static String networkOf(Access access) {
        if (access.neighbour() != null) {
            return "link-" + access.neighbour();
        }
        if (Terrain.ANNEX_RELAY.equals(access.relay())) {
            return "annex";
        }
        return Terrain.LAB_RELAY.equals(access.relay()) ? "lab" : "office";
    }
}
