package org.anylease.raft.ratis;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.anylease.raft.clock.ClockDoubt;
import org.anylease.raft.event.RaftEvent;
import org.anylease.raft.event.RaftEventListener;
import org.anylease.raft.link.PeerLinks;
import org.anylease.raft.liveness.DrainState;
import org.anylease.raft.membership.LeaderSpread;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.replication.QuorumState;
import org.jspecify.annotations.Nullable;

/** Moves the leadership of cells: to spread it over the servers, and away from a server that ends. */
final class Leadership {
    /** Leaders are moved only when no quorum was lost for this long. */
    private static final Duration CALM = Duration.ofSeconds(10);

    private static final Duration TRANSFER_TIMEOUT = Duration.ofSeconds(3);

    private final ServerId self;
    private final RatisNode node;
    private final PeerLinks links;
    private final Map<CellId, Cell> cells;
    private final InstantSource clock;
    private final ClockWatch clocks;
    private final RaftEventListener events;
    private @Nullable Instant drainedSince;
    /** Counts the hand-overs, so that another voter is tried when one does not take over. */
    private int attempts;

    Leadership(
            ServerId self,
            RatisNode node,
            PeerLinks links,
            Map<CellId, Cell> cells,
            InstantSource clock,
            ClockWatch clocks,
            RaftEventListener events) {
        this.self = self;
        this.node = node;
        this.links = links;
        this.cells = cells;
        this.clock = clock;
        this.clocks = clocks;
        this.events = events;
    }

    /** Hands a cell that this server leads over. From any thread. */
    CompletableFuture<@Nullable Void> transfer(CellId cell, ServerId to) {
        return node.transfer(cell, to, TRANSFER_TIMEOUT);
    }

    /** Hands one cell over where another server leads fewer, once things have been calm for a while. On the loop. */
    void spread() {
        if (drainedSince != null) {
            return;
        }
        TreeMap<CellId, ServerId> leaders = new TreeMap<>();
        TreeMap<CellId, List<ServerId>> healthy = new TreeMap<>();
        Instant calmSince = clock.instant().minus(CALM);
        for (Cell cell : cells.values()) {
            QuorumState state = cell.watch().state();
            ServerId leader = state.leader();
            if (leader == null || !state.reachable() || state.since().isAfter(calmSince)) {
                return;
            }
            leaders.put(cell.id(), leader);
            if (leader.equals(self)) {
                healthy.put(cell.id(), heirs(cell.id()));
            }
        }
        LeaderSpread.next(self, leaders, healthy).ifPresent(move -> {
            // When it fails the leader stays, and the next look decides anew.
            var _ = transfer(move.cell(), move.to());
        });
    }

    private List<ServerId> heirs(CellId cell) {
        return node.members(cell).voters().stream()
                .filter(voter -> !voter.equals(self) && links.isUp(voter) && !clocks.isDraining(voter))
                .toList();
    }

    /** From now on this server hands over what it leads, and whatever it comes to lead. On the loop. */
    void drain() {
        if (drainedSince == null) {
            drainedSince = clock.instant();
            clocks.drains(true);
        }
        leaveWhatItShouldNotLead();
    }

    /** It may lead again. On the loop. */
    void undrain() {
        drainedSince = null;
        clocks.drains(false);
    }

    /** How far it is drained; empty when it is not to be. On the loop. */
    Optional<DrainState> drained() {
        return Optional.ofNullable(drainedSince)
                .map(since -> new DrainState(
                        since,
                        cells.keySet().stream()
                                .filter(cell -> node.contact(cell).leading())
                                .toList()));
    }

    /** Hands over every cell that it leads, when it is drained, and those that it cannot stamp entries of. On the loop. */
    void leaveWhatItShouldNotLead() {
        for (CellId cell : cells.keySet()) {
            if ((drainedSince != null || clocks.judge(cell).doubt() == ClockDoubt.STRAYED)
                    && node.contact(cell).leading()) {
                List<ServerId> heirs = heirs(cell);
                if (!heirs.isEmpty()) {
                    // When it fails the next look tries another.
                    var _ = transfer(cell, heirs.get(attempts++ % heirs.size()));
                }
            }
        }
    }

    /** Hands over all that this server leads, before it ends. Blocks for a few seconds at most; not on the loop. */
    void handOver() {
        List<CompletableFuture<?>> transfers = new ArrayList<>();
        for (Cell cell : cells.values()) {
            if (!node.contact(cell.id()).leading()) {
                continue;
            }
            heirs(cell.id()).stream().findFirst().ifPresent(heir -> transfers.add(transfer(cell.id(), heir)));
        }
        try {
            CompletableFuture.allOf(transfers.toArray(CompletableFuture[]::new))
                    .orTimeout(TRANSFER_TIMEOUT.toSeconds() + 1, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            // The others elect a leader by themselves, a little later.
            events.heard(new RaftEvent.LinkDown(self, "leadership was not handed over: " + RatisNode.deepest(e)));
        }
    }
}
