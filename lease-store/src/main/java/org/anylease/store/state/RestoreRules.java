package org.anylease.store.state;

import java.time.Instant;
import java.util.Objects;
import org.anylease.store.command.LeaseCommand.RestoreBindings;
import org.anylease.store.command.Outcome;
import org.anylease.store.config.Reservation;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;

/**
 * How bindings of a backup or of an imported lease file come into a cell. They never take an address from anybody:
 * what is held, waits for reuse or is in quarantine for another stays; nor do they end or shorten a lease, or let an
 * address be reused before the gate opens that waits for its last holder.
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
                && !isInPlace(given, present)
                && switch (present.state()) {
                    case ABANDONED, ESCROWED -> false;
                    // Also one that waits comes back to its holder only: freed by a backup, it would be reused early.
                    case ACTIVE, EXPIRED, RELEASED -> same && given.state() == BindingState.ACTIVE;
                    case RESERVED -> given.state() == BindingState.ABANDONED || isReservedFor(given, client);
                    case FREE -> present.offerAt(state.time()) == null;
                };
    }

    /** Whether there is nothing to be gained, as when a restore is repeated: what is in place is left as it is. */
    private static boolean isInPlace(Binding given, Binding present) {
        return present.state() == given.state()
                && Objects.equals(present.client(), given.client())
                && present.lastSeen().equals(given.lastSeen())
                && !present.end().isBefore(given.end());
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
        // Also of a lease that was given back: a server may have promised it up to that expiry (R1).
        Instant end = held ? ReuseGate.later(present.end(), given.end()) : given.end();
        // Some server may still promise by a reservation that is no more (R4), also to a client that is there again.
        boolean reserved =
                active ? held && present.gate().equals(Binding.TIME_MAX) : present.state() == BindingState.RESERVED;
        Instant gate = free ? Instant.EPOCH : reserved ? Binding.TIME_MAX : given.gate();
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
