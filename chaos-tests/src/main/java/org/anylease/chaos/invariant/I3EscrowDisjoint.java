package org.anylease.chaos.invariant;

import java.time.Duration;
import java.time.Instant;
import java.util.TreeMap;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;

/**
 * I3 EscrowDisjoint: no address is in escrow for two servers, or free and in escrow.
 *
 * <p>An address leaves its owner's escrow only when the owner gives it back or commits that it gave it out, or when
 * nobody can still give it out: past the end of the grant and twice the skew, or once the owner, declared down, counts
 * as having given it back.
 */
public final class I3EscrowDisjoint implements Invariant {
    private final Duration skew;
    private final TreeMap<CellId, ReportsModel> reports = new TreeMap<>();
    private final TreeMap<Ipv4, Grant> grants = new TreeMap<>();

    private record Grant(ServerId owner, Instant end, LogIndex index) {}

    /**
     * Nothing is in escrow.
     *
     * @param skew bound on the difference of any two clocks
     */
    public I3EscrowDisjoint(Duration skew) {
        this.skew = skew;
    }

    @Override
    public String name() {
        return "I3 EscrowDisjoint";
    }

    @Override
    public void on(Fact fact, Instant now) {
        if (fact instanceof Fact.Committed committed) {
            ReportsModel model = model(committed.cell());
            model.committed(committed);
            for (Fact.Move move : committed.moves()) {
                moved(move.after(), committed, model);
            }
        } else {
            ReportsModel.hear(fact, this::model);
        }
    }

    private ReportsModel model(CellId cell) {
        return reports.computeIfAbsent(cell, _ -> new ReportsModel(skew));
    }

    private void moved(Binding after, Fact.Committed entry, ReportsModel model) {
        Grant before = grants.remove(after.address());
        ServerId owner = after.server();
        boolean same = after.state() == BindingState.ESCROWED
                && before != null
                && before.owner.equals(owner)
                && before.index.equals(after.index());
        if (before != null && !same) {
            left(before, after, entry, model);
        }
        if (after.state() != BindingState.ESCROWED) {
            return;
        }
        if (owner == null || after.offer() != null) {
            throw new InvariantBroken(
                    name(), after.address() + " is in escrow for " + owner + ", offered: " + after.offer());
        }
        if (same && before != null && after.end().isBefore(before.end)) {
            throw new InvariantBroken(
                    name(), after.address() + " is in escrow until " + after.end() + ", and was until " + before.end);
        }
        grants.put(after.address(), new Grant(owner, after.end(), after.index()));
    }

    private void left(Grant before, Binding after, Fact.Committed entry, ReportsModel model) {
        boolean outlived = entry.time().isAfter(before.end.plus(skew.multipliedBy(2)));
        boolean byOwner = false;
        for (Fact.Carried carried : entry.carried()) {
            boolean returned = carried.command() instanceof LeaseCommand.ReturnEscrow giveBack
                    && giveBack.address().equals(after.address())
                    && giveBack.grant().equals(before.index);
            boolean given = carried.command() instanceof LeaseCommand.CommitPromise promise
                    && promise.address().equals(after.address());
            byOwner |= carried.by().equals(before.owner) && (returned || given);
        }
        if (!outlived && !byOwner && !model.isOver(before.owner, entry.time())) {
            throw new InvariantBroken(
                    name(),
                    after.address() + " left the escrow of " + before.owner + ", which lasts until " + before.end
                            + ", and is " + after.state() + " at cell time " + entry.time() + model.wait(before.owner));
        }
    }
}
