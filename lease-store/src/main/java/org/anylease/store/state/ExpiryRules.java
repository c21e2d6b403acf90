package org.anylease.store.state;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.time.Instant;
import java.util.Optional;
import org.anylease.store.address.Ipv4;
import org.anylease.store.allocation.AddressPlan;
import org.anylease.store.command.LeaseCommand.ExpireDue;
import org.anylease.store.command.Outcome;
import org.anylease.store.lease.Binding;

/** What happens as time passes: offers lapse, leases run out, addresses become free. In order of when each was due. */
final class ExpiryRules {
    private final CellState state;

    ExpiryRules(CellState state) {
        this.state = state;
    }

    /** When there is something to do, in cell time. */
    Optional<Instant> nextDue() {
        long earliest = Math.min(
                state.bindings.offers().earliest(), state.bindings.due().earliest());
        return earliest == DueQueue.NEVER
                ? Optional.empty()
                : Optional.of(
                        Instant.ofEpochMilli(Math.max(earliest, state.time().toEpochMilli())));
    }

    Outcome expire(ExpireDue command) {
        long now = state.time().toEpochMilli();
        int changed = 0;
        DueQueue offers = state.bindings.offers();
        while (changed < command.most() && offers.firstDue(now) >= 0) {
            Ipv4 address = new Ipv4((int) offers.firstDue(now));
            state.bindings.put(state.withoutOffer(state.bindings.getOrUnused(address)));
            changed++;
        }
        return new Outcome.Done(changed + moveDue(now, command.most() - changed));
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

    private Binding moved(Binding binding) {
        AddressPlan plan = state.plan().orElseThrow();
        boolean kept = plan.reservationAt(binding.address()) != null;
        return switch (binding.state()) {
            case ACTIVE -> binding.expire(state.index(), ReuseGate.closing(binding, state.timers()));
            case EXPIRED, RELEASED, ABANDONED ->
                kept ? binding.reserve(state.index()) : binding.free(state.index(), state.nextIdleSequence());
            case ESCROWED -> {
                Binding free = binding.free(state.index(), state.nextIdleSequence());
                yield kept ? free.reserve(state.index()) : free;
            }
            case FREE, RESERVED ->
                throw new IllegalStateException(binding.address() + " is " + binding.state() + " and never due");
        };
    }
}
