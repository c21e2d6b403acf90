package org.anylease.store.state;

import java.time.Duration;
import java.time.Instant;
import org.anylease.store.address.Ipv4;
import org.anylease.store.allocation.NetworkPlan;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.LeaseCommand.CommitLease;
import org.anylease.store.command.Outcome;
import org.anylease.store.command.Outcome.Refused.Reason;
import org.anylease.store.command.RequestKind;
import org.anylease.store.config.LeaseTimes;
import org.anylease.store.config.Reservation;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.LeaseClient;
import org.anylease.store.lease.Offer;
import org.jspecify.annotations.Nullable;

/** What becomes of a REQUEST (RFC 2131 §4.3.2): rule R1, and the refusals that a client hears as a NAK. */
final class CommitRules {
    private final CellState state;
    private final Leasability leasability;
    private final LeaseLengths lengths;

    /** What a command is told, and the binding to write, if any. */
    private record Decision(Outcome outcome, @Nullable Binding bound) {}

    CommitRules(CellState state, Leasability leasability) {
        this.state = state;
        this.leasability = leasability;
        lengths = new LeaseLengths(state);
    }

    Outcome commit(CommitLease command, ServerId by) {
        Decision decision = decide(command, by);
        if (decision.bound != null) {
            state.bindings.put(decision.bound);
            state.cancelOffers(command.client().id());
        }
        return decision.outcome;
    }

    /** What a repeated command is told: what is left of the lease that it was about, else nothing for sure. */
    Outcome boundNow(CommitLease command, ServerId by) {
        Decision decision = decide(command, by);
        if (decision.bound == null) {
            return decision.outcome;
        }
        Binding now = state.bindings.getOrUnused(command.address());
        boolean held =
                now.state() == BindingState.ACTIVE && now.isOf(command.client().id());
        Duration left = held ? left(now) : null;
        return left == null
                ? new Outcome.NotKnown()
                : new Outcome.Bound(now.address(), left, now.end(), now.index(), now.siteMoves());
    }

    private Decision decide(CommitLease command, ServerId by) {
        NetworkPlan network =
                state.plan().map(plan -> plan.network(command.network())).orElse(null);
        if (network == null) {
            return told(new Outcome.NotKnown());
        }
        LeaseClient client = command.client();
        Ipv4 address = command.address();
        Binding binding = state.bindings.getOrUnused(address);
        boolean held = binding.state() == BindingState.ACTIVE && binding.isOf(client.id());
        boolean rebooting = command.kind() == RequestKind.INIT_REBOOT;
        if (rebooting && !held && holdsAnother(client, network)) {
            return refused(Reason.OTHER_ADDRESS);
        }
        if (!network.contains(address)) {
            return notLeasable(command, network);
        }
        boolean leasable = leasability.isLeasable(address, client, network);
        if (held && !leasable) {
            return keep(command, binding, by);
        }
        Reason obstacle = held ? null : obstacle(binding, client, network);
        if (obstacle != null) {
            return refused(obstacle);
        }
        if (!leasable) {
            return notLeasable(command, network);
        }
        if (!held && network.reservationAt(address) == null && !leasability.hasRoomFor(client)) {
            return refused(Reason.CLASS_FULL);
        }
        boolean known = binding.state() != BindingState.FREE
                || binding.isOf(client.id())
                || leasability.isOfferedTo(binding, client);
        return rebooting && !known ? told(new Outcome.NotKnown()) : bind(command, binding, network, by);
    }

    /** Why somebody else's claim stands in the way of a client that does not hold the address. */
    private @Nullable Reason obstacle(Binding binding, LeaseClient client, NetworkPlan network) {
        return switch (binding.state()) {
            case ACTIVE, ESCROWED -> Reason.TAKEN;
            case ABANDONED -> Reason.ABANDONED;
            case EXPIRED, RELEASED -> binding.isOf(client.id()) ? null : Reason.TAKEN;
            case RESERVED -> {
                Reservation reservation = network.reservationAt(binding.address());
                boolean own = reservation != null && reservation.isFor(client);
                yield own && !leasability.isOfferedToAnother(binding, client) ? null : Reason.TAKEN;
            }
            case FREE -> leasability.isOfferedToAnother(binding, client) ? Reason.TAKEN : null;
        };
    }

    private boolean holdsAnother(LeaseClient client, NetworkPlan network) {
        for (Binding binding : state.bindings.naming(client.id())) {
            if (binding.state() == BindingState.ACTIVE
                    && binding.isOf(client.id())
                    && network.contains(binding.address())) {
                return true;
            }
        }
        return false;
    }

    /**
     * Tells a client what is left of a lease that it may not have again. It is a binding of its own all the same: a
     * RELEASE of the one before, which another server heard while it was cut off, must not end what is told here.
     */
    private Decision keep(CommitLease command, Binding binding, ServerId by) {
        Duration left = left(binding);
        return left == null ? refused(Reason.NOT_LEASABLE) : bind(command, binding, left, binding.end(), by);
    }

    private Decision bind(CommitLease command, Binding binding, NetworkPlan network, ServerId by) {
        Duration lease = lengths.of(binding, command.client(), network, command.wantedTime());
        Instant expiry = state.time().plus(lease);
        if (binding.isOf(command.client().id()) && expiry.isBefore(binding.end())) {
            // Also of a lease that was given back: a server may have promised it up to that expiry and beyond (R1, R2).
            expiry = binding.end();
        }
        return bind(command, binding, lease, expiry, by);
    }

    private Decision bind(CommitLease command, Binding binding, Duration lease, Instant expiry, ServerId by) {
        LeaseClient client = command.client();
        boolean known = binding.isOf(client.id());
        LeaseClient earlier = known ? binding.client() : null;
        ServerId servedBy = known ? binding.server() : null;
        Offer offer = binding.offer();
        if (offer != null && offer.client().id().equals(client.id())) {
            earlier = offer.client();
            servedBy = offer.server();
        }
        int siteMoves = 0;
        if (servedBy != null && state.atOtherSites(by, servedBy)) {
            siteMoves = Math.min(Binding.SITE_MOVES_MAX, (known ? binding.siteMoves() : 0) + 1);
        }
        LeaseClient holder = earlier == null ? client : client.keepingRelayOf(earlier);
        Binding bound = binding.bind(state.index(), holder, state.time(), expiry, by, siteMoves);
        return new Decision(new Outcome.Bound(bound.address(), lease, expiry, state.index(), siteMoves), bound);
    }

    /** What is left of a lease, or null when it is not a second. */
    private @Nullable Duration left(Binding binding) {
        long seconds = Duration.between(state.time(), binding.end()).toSeconds();
        return seconds < 1 ? null : Duration.ofSeconds(Math.min(seconds, LeaseTimes.INFINITE.toSeconds()));
    }

    private static Decision notLeasable(CommitLease command, NetworkPlan network) {
        boolean says = command.kind() == RequestKind.SELECTING
                || network.network().policy().authoritative();
        return says ? refused(Reason.NOT_LEASABLE) : told(new Outcome.NotKnown());
    }

    private static Decision refused(Reason reason) {
        return told(new Outcome.Refused(reason));
    }

    private static Decision told(Outcome outcome) {
        return new Decision(outcome, null);
    }
}
