package org.anylease.store.state;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.time.Instant;
import java.util.Optional;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.LeaseCommand.ExpireDue;
import org.anylease.store.command.Outcome;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.jspecify.annotations.Nullable;

/**
 * What happens as time passes and reports come in: offers lapse, leases run out, addresses become free. First what is
 * due by time, in that order, then what has waited for reports, in the order in which it was taken away.
 */
final class ExpiryRules {
    private final CellState state;

    ExpiryRules(CellState state) {
        this.state = state;
    }

    /**
     * When there is something to do, in cell time. While something waits for reports, that includes the moment from which
     * a server declared down counts as having reported: the cell's time has to get there though nobody comes.
     */
    Optional<Instant> nextDue() {
        long earliest = Math.min(
                state.bindings.offers().earliest(), state.bindings.due().earliest());
        if (!state.declaredDown.isEmpty() && waitingSince() != null) {
            for (ServerId server : state.awaited()) {
                Instant over = state.downOver(server);
                if (over != null && !over.isBefore(state.time())) {
                    earliest = Math.min(earliest, over.toEpochMilli() + 1);
                }
            }
        }
        return earliest == DueQueue.NEVER
                ? Optional.empty()
                : Optional.of(
                        Instant.ofEpochMilli(Math.max(earliest, state.time().toEpochMilli())));
    }

    /** The oldest entry that something waits on, until every server has reported to have applied it; or null. */
    @Nullable
    LogIndex waitingSince() {
        long oldest = state.bindings.waits().earliest();
        LogIndex terms = state.earlierTerms.oldest();
        if (terms != null && terms.value() < oldest) {
            return terms;
        }
        return oldest == DueQueue.NEVER ? null : new LogIndex(oldest);
    }

    Outcome expire(ExpireDue command) {
        // What this very entry takes away, nobody has reported yet.
        LogIndex settled =
                new LogIndex(Math.min(command.settled().value(), state.index().value() - 1));
        if (state.earlierTerms.settle(settled)) {
            state.bindings.timersChanged();
        }
        long now = state.time().toEpochMilli();
        int changed = 0;
        DueQueue offers = state.bindings.offers();
        while (changed < command.most() && offers.firstDue(now) >= 0) {
            Ipv4 address = new Ipv4((int) offers.firstDue(now));
            state.bindings.put(state.withoutOffer(state.bindings.getOrUnused(address)));
            changed++;
        }
        changed += moveDue(now, command.most() - changed);
        return new Outcome.Done(changed + moveSettled(settled, command.most() - changed));
    }

    private int moveDue(long now, int most) {
        DueQueue due = state.bindings.due();
        IntArrayList tooSoon = new IntArrayList();
        int changed = 0;
        while (changed < most) {
            long address = due.firstDue(now);
            if (address < 0) {
                break;
            }
            Binding binding = state.bindings.getOrUnused(new Ipv4((int) address));
            boolean takenAwayJustNow =
                    ReuseGate.isAwaitedBy(binding.state()) && binding.index().equals(state.index());
            if (takenAwayJustNow) {
                due.drop();
                tooSoon.add((int) address);
            } else {
                state.bindings.put(moved(binding));
                changed++;
            }
        }
        for (int i = 0; i < tooSoon.size(); i++) {
            state.bindings.noteDue(tooSoon.getInt(i));
        }
        return changed;
    }

    private int moveSettled(LogIndex settled, int most) {
        DueQueue waits = state.bindings.waits();
        int changed = 0;
        while (changed < most) {
            long address = waits.firstDue(settled.value());
            if (address < 0) {
                break;
            }
            Binding binding = state.bindings.getOrUnused(new Ipv4((int) address));
            boolean quarantined =
                    binding.state() == BindingState.ABANDONED && state.time().isBefore(binding.end());
            state.bindings.put(quarantined ? binding.openGate() : moved(binding));
            changed++;
        }
        return changed;
    }

    private Binding moved(Binding binding) {
        return switch (binding.state()) {
            case ACTIVE -> binding.expire(state.index(), ReuseGate.closing(binding, state.reuseTimers()));
            case EXPIRED, RELEASED, ABANDONED ->
                state.isKept(binding)
                        ? binding.reserve(state.index())
                        : binding.free(state.index(), state.nextIdleSequence());
            case ESCROWED -> state.freed(binding);
            case FREE, RESERVED ->
                throw new IllegalStateException(binding.address() + " is " + binding.state() + " and never due");
        };
    }
}
