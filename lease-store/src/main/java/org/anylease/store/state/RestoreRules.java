package org.anylease.store.state;

import java.time.Instant;
import org.anylease.store.command.LeaseCommand.RestoreBindings;
import org.anylease.store.command.Outcome;
import org.anylease.store.config.Reservation;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;

/**
 * How bindings of a backup or of an imported lease file come into a cell. They never take an address from anybody:
 * what is held, waits for reuse or is in quarantine for another stays; nor do they end or shorten a lease.
 */
final class RestoreRules {
    private final CellState state;

    RestoreRules(CellState state) {
        this.state = state;
    }

    Outcome restore(RestoreBindings command) {
        int changed = 0;
        for (Binding given : command.bindings()) {
            if (state.plan().isPresent() && isWelcome(given, state.bindings.getOrUnused(given.address()))) {
                state.bindings.put(placed(given, state.bindings.getOrUnused(given.address())));
                changed++;
            }
        }
        return new Outcome.Done(changed);
    }

    private boolean isWelcome(Binding given, Binding present) {
        LeaseClient client = given.client();
        boolean same = client != null && present.isOf(client.id());
        boolean newer = present.lastSeen().isAfter(given.lastSeen());
        boolean settled = switch (given.state()) {
            case ESCROWED, RESERVED -> false;
            case FREE, ACTIVE, EXPIRED, RELEASED, ABANDONED -> true;
        };
        return settled
                && !newer
                && switch (present.state()) {
                    case ABANDONED, ESCROWED -> false;
                    // Also one that waits comes back to its holder only: freed by a backup, it would be reused early.
                    case ACTIVE, EXPIRED, RELEASED -> same && given.state() == BindingState.ACTIVE;
                    case RESERVED -> given.state() == BindingState.ABANDONED || isReservedFor(given, client);
                    case FREE -> present.offerAt(state.time()) == null;
                };
    }

    private boolean isReservedFor(Binding given, @Nullable LeaseClient client) {
        Reservation reservation =
                state.plan().map(plan -> plan.reservationAt(given.address())).orElse(null);
        return given.state() != BindingState.FREE && client != null && reservation != null && reservation.isFor(client);
    }

    private Binding placed(Binding given, Binding present) {
        boolean free = given.state() == BindingState.FREE;
        boolean active = given.state() == BindingState.ACTIVE;
        boolean extended = present.state() == BindingState.ACTIVE;
        boolean held = extended || ReuseGate.isAwaitedBy(present.state());
        Instant end = held ? ReuseGate.later(present.end(), given.end()) : given.end();
        Instant gate = active || free ? Instant.EPOCH : given.gate();
        if ((held && present.gate().equals(Binding.TIME_MAX))
                || (!active && present.state() == BindingState.RESERVED)) {
            // Some server may still promise it by a reservation (R4).
            gate = Binding.TIME_MAX;
        }
        Binding placed = new Binding(
                given.address(),
                given.state(),
                state.index(),
                given.client(),
                extended ? present.start() : given.start(),
                end,
                gate,
                given.lastSeen(),
                given.server(),
                given.siteMoves(),
                free ? state.nextIdleSequence() : 0,
                null);
        return free && state.isKept(given) ? placed.reserve(state.index()) : placed;
    }
}
