package org.anylease.store.state;

import java.time.Instant;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.Conflict;
import org.anylease.store.command.LeaseCommand.CommitPromise;
import org.anylease.store.command.Outcome;
import org.anylease.store.command.Outcome.Merged.Result;
import org.anylease.store.command.PromiseEnding;
import org.anylease.store.command.PromiseRule;
import org.anylease.store.config.Reservation;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.LeaseClient;

/** What becomes of a promise that a server made alone, once it is committed (the model's Flush). */
final class PromiseRules {
    private final CellState state;

    PromiseRules(CellState state) {
        this.state = state;
    }

    Outcome merge(CommitPromise promise, ServerId by) {
        if (state.plan().isEmpty()) {
            return new Outcome.Merged(Result.OBSOLETE);
        }
        return new Outcome.Merged(result(promise, by));
    }

    private Result result(CommitPromise promise, ServerId by) {
        Binding binding = state.bindings.getOrUnused(promise.address());
        boolean over = !state.time().isBefore(ReuseGate.pastSkew(promise.until(), state.reuseTimers()));
        if (promise.ending() != PromiseEnding.HELD) {
            boolean meant = binding.index().equals(promise.binding()) && isCoveredBy(binding, promise, by);
            return meant ? part(binding, promise, by) : Result.OBSOLETE;
        }
        if (isCoveredBy(binding, promise, by)) {
            bind(binding, promise, by);
            return Result.TAKEN;
        }
        if (over) {
            return Result.OBSOLETE;
        }
        if (binding.state() == BindingState.FREE) {
            // The promise has outlived what it rested on, as when its server was declared down and was not. Nobody
            // else has the address.
            bind(binding, promise, by);
            return Result.TAKEN;
        }
        boolean reserved = wasReserved(binding, promise) && !isKeptForAnother(binding, promise.client());
        if (binding.state() == BindingState.ABANDONED
                && (reserved || binding.isOf(promise.client().id()))) {
            // The client has declined elsewhere what it was promised here, before or after; or another server probed
            // the address that is kept for it, and it was the client itself that answered. Nobody has it until both
            // are over.
            Instant end = ReuseGate.later(binding.end(), ReuseGate.pastSkew(promise.until(), state.reuseTimers()));
            state.bindings.put(binding.abandon(state.index(), end, binding.gate()));
            return Result.TAKEN;
        }
        conflict(binding, promise, by);
        return Result.CONFLICT;
    }

    /** Whether the cell's binding still is what the promise rests on, or says the same. */
    private boolean isCoveredBy(Binding binding, CommitPromise promise, ServerId by) {
        LeaseClient client = promise.client();
        return switch (binding.state()) {
            case ACTIVE, RELEASED -> binding.isOf(client.id());
            case EXPIRED -> binding.isOf(client.id()) || wasReserved(binding, promise);
            case ESCROWED ->
                promise.rule() == PromiseRule.R3_ESCROW
                        && binding.index().equals(promise.binding())
                        && by.equals(binding.server());
            case RESERVED -> {
                Reservation reservation = state.plan().orElseThrow().reservationAt(binding.address());
                yield reservation != null && reservation.isFor(client);
            }
            case FREE, ABANDONED -> false;
        };
    }

    /** Whether an address was kept for a client, and lost that before anybody had it. */
    private static boolean wasReserved(Binding binding, CommitPromise promise) {
        return binding.client() == null
                && binding.gate().equals(Binding.TIME_MAX)
                && promise.rule() == PromiseRule.R4_RESERVATION;
    }

    private boolean isKeptForAnother(Binding binding, LeaseClient client) {
        Reservation reservation = state.plan().orElseThrow().reservationAt(binding.address());
        return reservation != null && !reservation.isFor(client);
    }

    private Result part(Binding binding, CommitPromise promise, ServerId by) {
        Binding bound = bind(binding, promise, by);
        if (promise.ending() == PromiseEnding.DECLINED) {
            state.abandon(bound);
        } else {
            state.bindings.put(bound.release(state.index(), ReuseGate.closing(bound, state.reuseTimers())));
        }
        return Result.TAKEN;
    }

    private Binding bind(Binding binding, CommitPromise promise, ServerId by) {
        LeaseClient client = promise.client();
        boolean known = binding.isOf(client.id());
        boolean again = ReuseGate.isAwaitedBy(binding.state()) || binding.state() == BindingState.ACTIVE;
        Instant expiry = again ? ReuseGate.later(binding.end(), promise.until()) : promise.until();
        Instant seen = promise.promised().isAfter(state.time()) ? state.time() : promise.promised();
        LeaseClient earlier = known ? binding.client() : null;
        ServerId servedBy = known ? binding.server() : null;
        boolean moved = servedBy != null && state.atOtherSites(by, servedBy);
        Binding bound = binding.bind(
                state.index(),
                earlier == null ? client : client.keepingRelayOf(earlier),
                known ? ReuseGate.later(binding.lastSeen(), seen) : seen,
                expiry,
                by,
                moved ? Math.min(Binding.SITE_MOVES_MAX, binding.siteMoves() + 1) : 0);
        state.bindings.put(bound);
        state.cancelOffers(client.id());
        return bound;
    }

    /** Two clients were promised one address: neither is disturbed, and nobody else gets it until both are over. */
    private void conflict(Binding binding, CommitPromise promise, ServerId by) {
        boolean held = binding.state() == BindingState.ACTIVE
                || binding.state() == BindingState.EXPIRED
                || binding.state() == BindingState.RELEASED;
        state.conflicts.add(new Conflict(
                binding.address(),
                state.index(),
                state.time(),
                held ? binding.client() : null,
                binding.end(),
                promise.client(),
                by,
                promise.rule(),
                promise.until()));
        Instant over = ReuseGate.pastSkew(ReuseGate.later(binding.end(), promise.until()), state.reuseTimers());
        state.abandon(binding, over, ReuseGate.later(ReuseGate.closing(binding, state.reuseTimers()), over));
    }
}
