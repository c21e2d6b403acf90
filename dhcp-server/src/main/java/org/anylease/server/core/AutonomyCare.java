package org.anylease.server.core;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.anylease.server.event.ServerEvent;
import org.anylease.server.partition.Autonomy;
import org.anylease.server.partition.PeerMessage;
import org.anylease.server.partition.ServingMode;
import org.anylease.store.address.Ipv4;
import org.anylease.store.alone.Fence;
import org.anylease.store.alone.JournalRecord;
import org.anylease.store.alone.PromiseJournal;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.replication.Proposal;

/**
 * Everything around serving alone, in one place: what answers clients without a commit, and what goes on behind that so
 * that it can, and so that the cell hears of it. Tells the operator when the way of serving changes.
 */
final class AutonomyCare {
    /** How soon something is looked at again that waits for this server's copy to catch up. */
    private static final Duration SOON = Duration.ofMillis(50);

    private final CellViews cells;
    private final Journals journals;
    private final ClockTrust clock = new ClockTrust();
    private final Alone alone;
    private final Deadlines deadlines;
    private final AloneOffers offers = new AloneOffers();
    private final Newcomers newcomers = new Newcomers();
    private final WithoutCommit withoutCommit;
    private final OfferingAlone offeringAlone;
    private final Forwarding forwarding;
    private final Healing healing;
    private final Reports reports;
    private final EscrowUpkeep escrow;
    private final Expiring expiring;
    private final AutonomyView view;
    private final TreeMap<CellId, ServingMode> told = new TreeMap<>();
    private final TreeMap<CellId, Fence> fenced = new TreeMap<>();
    private final long soon;
    private boolean soonSet;

    AutonomyCare(
            ServerId self,
            CellViews cells,
            Function<CellId, PromiseJournal> stored,
            Tokens tokens,
            Deadlines deadlines,
            Commits commits,
            ExchangeBook book,
            Replies replies,
            Acting acting) {
        this.cells = cells;
        this.deadlines = deadlines;
        soon = tokens.next();
        journals = new Journals(stored, tokens);
        alone = new Alone(self, cells, journals, clock);
        withoutCommit = new WithoutCommit(alone, book, offers, replies, newcomers);
        offeringAlone = new OfferingAlone(alone, book, offers, replies);
        forwarding = new Forwarding(alone, withoutCommit, tokens, deadlines);
        healing = new Healing(alone, commits, tokens);
        reports = new Reports(alone, cells);
        escrow = new EscrowUpkeep(alone, cells, commits, newcomers, tokens);
        expiring = new Expiring(self, cells, reports::settled, commits, tokens, acting::proposed);
        view = new AutonomyView(alone, cells, clock, commits, reports, escrow, newcomers);
    }

    Alone alone() {
        return alone;
    }

    WithoutCommit withoutCommit() {
        return withoutCommit;
    }

    OfferingAlone offeringAlone() {
        return offeringAlone;
    }

    Forwarding forwarding() {
        return forwarding;
    }

    Newcomers newcomers() {
        return newcomers;
    }

    ServingMode mode(CellId cell, Instant now) {
        return view.mode(cell, now);
    }

    Autonomy view(CellId cell, Instant now) {
        return view.of(cell, now);
    }

    /** What this server promised alone of an address, and the cell has not committed yet. */
    Optional<JournalRecord.Promise> promisedAlone(CellId cell, Ipv4 address) {
        return Optional.ofNullable(journals.of(cell).promise(address));
    }

    /** Once a second. */
    void tick(Turn turn) {
        offers.forgetPast(turn.now());
        for (CellId cell : cells.cells()) {
            reports.begin(cell);
            healing.tick(cell, turn);
            reports.look(cell, turn);
            reports.ask(cell, turn);
            escrow.tick(cell, turn);
            expiring.look(cell, turn);
            tell(cell, turn);
        }
        lookSoon(turn);
    }

    /** Tells of another way of serving, and of another reason for serving nothing alone. */
    private void tell(CellId cell, Turn turn) {
        ServingMode now = view.mode(cell, turn.now());
        ServingMode before = told.getOrDefault(cell, ServingMode.QUORATE);
        // Out of its own escrow a server promises alone also while all is well: nobody need hear of that.
        if (now != before && (now != ServingMode.RESYNCING || before == ServingMode.PARTITIONED)) {
            told.put(cell, now);
            turn.report(
                    switch (now) {
                        case QUORATE -> ServerEvent.SERVING_QUORATE;
                        case PARTITIONED -> ServerEvent.SERVING_ALONE;
                        case RESYNCING -> ServerEvent.RESYNCING;
                    },
                    cell.name());
        }
        Fence fence = alone.fence(cell, turn.now());
        Fence fenceBefore = fence == null ? fenced.remove(cell) : fenced.put(cell, fence);
        if (fence != fenceBefore && fence != null && fence != Fence.NOT_CONFIGURED && fence != Fence.NEWBORN) {
            turn.report(ServerEvent.FENCE_UP, cell.name() + ": " + fence);
        } else if (fence == null && fenceBefore != null) {
            turn.report(ServerEvent.FENCE_DOWN, cell.name());
        }
    }

    private void lookSoon(Turn turn) {
        if (soonSet) {
            return;
        }
        for (CellId cell : cells.cells()) {
            if (healing.isAhead(cell) || reports.isWanted(cell) || escrow.isBeingBorn(cell)) {
                soonSet = true;
                turn.emit(new Effect.SetTimer(soon, SOON));
                return;
            }
        }
    }

    private void lookAgain(Turn turn) {
        for (CellId cell : cells.cells()) {
            healing.look(cell, turn);
            reports.look(cell, turn);
            if (escrow.isBeingBorn(cell)) {
                escrow.tick(cell, turn);
            }
            expiring.look(cell, turn);
        }
        lookSoon(turn);
    }

    /** A timer has run out; what was asked for and has not come is handed over. */
    void fired(long token, Turn turn, LongConsumer overdue) {
        if (token == soon) {
            soonSet = false;
            lookAgain(turn);
        } else if (deadlines.isTimer(token)) {
            deadlines.fired(turn, overdue);
        }
    }

    void synced(long token, Turn turn) {
        journals.synced(token, turn);
        lookSoon(turn);
    }

    void clock(boolean trusted, String reason, Turn turn) {
        if (clock.heard(trusted, reason)) {
            turn.report(trusted ? ServerEvent.CLOCK_TRUSTED : ServerEvent.CLOCK_UNTRUSTED, reason);
        }
    }

    void recalled(CellId cell, List<Ipv4> addresses, Turn turn) {
        if (cells.cells().contains(cell)) {
            escrow.recall(cell, addresses, turn);
        }
    }

    void quorumChanged(CellId cell, Turn turn) {
        healing.tick(cell, turn);
        lookSoon(turn);
    }

    /** Another server says something that no client waits for here. */
    void said(CellId cell, ServerId from, PeerMessage message, Turn turn) {
        if (!cells.cells().contains(cell)) {
            return;
        }
        switch (message) {
            case PeerMessage.ReportWanted(var since) -> reports.wanted(cell, from, since, turn);
            case PeerMessage.Report(var index) -> {
                if (reports.heard(cell, from, index, turn)) {
                    expiring.look(cell, turn);
                }
            }
            case PeerMessage.ForwardedRequest request -> forwarding.asked(cell, from, request, turn);
            case PeerMessage.ForwardedAnswer _ -> {}
        }
        lookSoon(turn);
    }

    /**
     * Hears of a proposal.
     *
     * @return whether it was one that no client waits for
     */
    boolean settled(long token, Proposal proposal, Turn turn) {
        boolean mine = expiring.settled(token, proposal, turn)
                || escrow.settled(token, proposal, turn)
                || healing.settled(token, proposal, turn);
        if (mine) {
            lookSoon(turn);
        }
        return mine;
    }
}
