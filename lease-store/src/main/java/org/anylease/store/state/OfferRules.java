package org.anylease.store.state;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.anylease.store.address.Ipv4;
import org.anylease.store.allocation.NetworkPlan;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.LeaseCommand.OfferAddress;
import org.anylease.store.command.Outcome;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.LeaseClient;
import org.anylease.store.lease.Offer;
import org.jspecify.annotations.Nullable;

/**
 * Which address a client is offered (RFC 2131 §4.3.1), in order of preference:
 *
 * <ol>
 *   <li>the one reserved for it, unless another client has it or it is in quarantine
 *   <li>the one it holds, if it still may
 *   <li>the one it was offered before, as long as that offer counts
 *   <li>the one that is wanted, if it is idle or was the client's own last
 *   <li>the one it had last, if nobody had it since
 *   <li>the one that has been idle longest, of the first pools that it may use and that have one
 * </ol>
 *
 * <p>None of the last three when its classes have as many addresses as they may.
 *
 * <p>For a while after a recovery a free address is offered only to a client that wants it (the fourth).
 */
final class OfferRules {
    private final CellState state;
    private final Leasability leasability;
    private final LeaseLengths lengths;

    /** What is offered: the binding as it is, and whether the client holds it, so that nothing is to be written. */
    private record Choice(Binding binding, boolean active) {}

    OfferRules(CellState state, Leasability leasability) {
        this.state = state;
        this.leasability = leasability;
        lengths = new LeaseLengths(state);
    }

    Outcome offer(OfferAddress command, ServerId by) {
        NetworkPlan network = network(command.network());
        if (network == null) {
            return new Outcome.NoAddress();
        }
        LeaseClient client = command.client();
        if (command.inUse() != null) {
            abandonInUse(command.inUse(), client, network);
        }
        Choice choice = choose(client, network, command.wanted(), _ -> false);
        if (choice == null) {
            return new Outcome.NoAddress();
        }
        if (!choice.active) {
            hold(choice.binding, client, network, by);
        }
        return offered(choice.binding.address(), client, choice.active, network);
    }

    /** What a repeated command is told: what the client holds or was offered, if that still counts. */
    Outcome offeredNow(OfferAddress command) {
        NetworkPlan network = network(command.network());
        if (network == null) {
            return new Outcome.NoAddress();
        }
        List<Binding> named = namedIn(network, command.client());
        Binding held = held(named, command.client(), network);
        if (held != null) {
            return offered(held.address(), command.client(), true, network);
        }
        Binding offered = offeredBefore(named, command.client(), network);
        return offered == null ? new Outcome.NoAddress() : offered(offered.address(), command.client(), false, network);
    }

    /** What {@link #offer} would choose now, without the addresses that are taken in the proposer's mind. */
    @Nullable
    Ipv4 wouldOffer(LeaseClient client, String name, @Nullable Ipv4 wanted, Predicate<Ipv4> taken) {
        NetworkPlan network = network(name);
        Choice choice = network == null ? null : choose(client, network, wanted, taken);
        return choice == null ? null : choice.binding.address();
    }

    private @Nullable NetworkPlan network(String name) {
        return state.plan().map(plan -> plan.network(name)).orElse(null);
    }

    private Outcome offered(Ipv4 address, LeaseClient client, boolean active, NetworkPlan network) {
        Binding binding = state.bindings.getOrUnused(address);
        return new Outcome.Offered(address, lengths.of(binding, client, network, null), active);
    }

    private void hold(Binding binding, LeaseClient client, NetworkPlan network, ServerId by) {
        for (Binding other : namedIn(network, client)) {
            Offer offer = other.offer();
            if (offer != null
                    && offer.client().id().equals(client.id())
                    && !other.address().equals(binding.address())) {
                state.bindings.put(state.withoutOffer(other));
            }
        }
        Offer offer = new Offer(client, state.time().plus(state.timers().offerHold()), by);
        state.bindings.put(binding.withOffer(offer));
    }

    /** A probe was answered by a stranger; the holder of a running lease is none. */
    private void abandonInUse(Ipv4 address, LeaseClient client, NetworkPlan network) {
        if (!network.contains(address)) {
            return;
        }
        Binding binding = state.bindings.getOrUnused(address);
        boolean strangers = switch (binding.state()) {
            case FREE, EXPIRED, RELEASED, RESERVED -> true;
            case ACTIVE -> binding.isOf(client.id()) && state.time().isAfter(binding.end());
            case ABANDONED, ESCROWED -> false;
        };
        if (strangers) {
            state.abandon(binding);
        }
    }

    private @Nullable Choice choose(
            LeaseClient client, NetworkPlan network, @Nullable Ipv4 wanted, Predicate<Ipv4> taken) {
        Binding reserved = leasability.reservedFor(client, network);
        if (reserved != null) {
            return new Choice(reserved, reserved.state() == BindingState.ACTIVE);
        }
        List<Binding> named = namedIn(network, client);
        Binding held = held(named, client, network);
        if (held != null) {
            return new Choice(held, true);
        }
        Binding before = offeredBefore(named, client, network);
        if (before != null) {
            return new Choice(before, false);
        }
        if (!state.bindings.circuits().hasRoomFor(client) || !leasability.hasRoomFor(client)) {
            return null;
        }
        Binding fresh = wanted(wanted, client, network, taken);
        if (fresh == null) {
            fresh = hadLast(named, client, network, taken);
        }
        if (fresh == null && state.recovery().isEmpty()) {
            Ipv4 idle = state.bindings.idle().next(network, client, taken);
            fresh = idle == null ? null : state.bindings.getOrUnused(idle);
        }
        return fresh == null ? null : new Choice(fresh, false);
    }

    private List<Binding> namedIn(NetworkPlan network, LeaseClient client) {
        List<Binding> named = state.bindings.naming(client.id());
        List<Binding> inNetwork = new ArrayList<>(named.size());
        for (Binding binding : named) {
            if (network.contains(binding.address())) {
                inNetwork.add(binding);
            }
        }
        return inNetwork;
    }

    private @Nullable Binding held(List<Binding> named, LeaseClient client, NetworkPlan network) {
        for (Binding binding : named) {
            if (binding.state() == BindingState.ACTIVE
                    && binding.isOf(client.id())
                    && leasability.isLeasable(binding.address(), client, network)) {
                return binding;
            }
        }
        return null;
    }

    private @Nullable Binding offeredBefore(List<Binding> named, LeaseClient client, NetworkPlan network) {
        for (Binding binding : named) {
            if (leasability.isOfferedTo(binding, client)
                    && leasability.isLeasable(binding.address(), client, network)) {
                return binding;
            }
        }
        return null;
    }

    private @Nullable Binding wanted(
            @Nullable Ipv4 wanted, LeaseClient client, NetworkPlan network, Predicate<Ipv4> taken) {
        if (wanted == null || !leasability.isLeasable(wanted, client, network) || taken.test(wanted)) {
            return null;
        }
        Binding binding = state.bindings.getOrUnused(wanted);
        boolean idle = binding.state() == BindingState.FREE || isLapsedOf(binding, client);
        return idle && !leasability.isOfferedToAnother(binding, client) ? binding : null;
    }

    /** The one it was heard of on last; of several at once the lowest. */
    private @Nullable Binding hadLast(
            List<Binding> named, LeaseClient client, NetworkPlan network, Predicate<Ipv4> taken) {
        Binding last = null;
        // A free address may have been promised to another by a server that is lost: its last client must claim it.
        boolean claimed = state.recovery().isPresent();
        for (Binding binding : named) {
            boolean had = binding.isOf(client.id())
                    && ((binding.state() == BindingState.FREE && !claimed) || isLapsedOf(binding, client));
            if (had
                    && (last == null || binding.lastSeen().isAfter(last.lastSeen()))
                    && leasability.isLeasable(binding.address(), client, network)
                    && !leasability.isOfferedToAnother(binding, client)
                    && !taken.test(binding.address())) {
                last = binding;
            }
        }
        return last;
    }

    private static boolean isLapsedOf(Binding binding, LeaseClient client) {
        return (binding.state() == BindingState.EXPIRED || binding.state() == BindingState.RELEASED)
                && binding.isOf(client.id());
    }
}
