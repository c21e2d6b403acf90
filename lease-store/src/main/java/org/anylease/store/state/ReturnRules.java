package org.anylease.store.state;

import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.command.LeaseCommand.CancelOffer;
import org.anylease.store.command.LeaseCommand.DeclineAddress;
import org.anylease.store.command.LeaseCommand.ReleaseLease;
import org.anylease.store.command.Outcome;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.Offer;
import org.jspecify.annotations.Nullable;

/** How a client gives something back: a lease, a bad address, an offer. A late word does nothing to a newer binding. */
final class ReturnRules {
    private final CellState state;

    ReturnRules(CellState state) {
        this.state = state;
    }

    Outcome release(ReleaseLease command) {
        Binding held = held(command.address(), command.client(), command.binding());
        if (held == null) {
            return new Outcome.Done(0);
        }
        state.bindings.put(held.release(state.index(), ReuseGate.closing(held, state.reuseTimers())));
        return new Outcome.Done(1);
    }

    Outcome decline(DeclineAddress command) {
        Binding held = held(command.address(), command.client(), command.binding());
        if (held == null) {
            return new Outcome.Done(0);
        }
        state.abandon(held);
        return new Outcome.Done(1);
    }

    Outcome cancel(CancelOffer command) {
        int changed = 0;
        for (Binding binding : state.bindings.naming(command.client())) {
            Offer offer = binding.offer();
            if (offer != null && offer.client().id().equals(command.client())) {
                state.bindings.put(state.withoutOffer(binding));
                changed++;
            }
        }
        return new Outcome.Done(changed);
    }

    private @Nullable Binding held(Ipv4 address, ClientId client, LogIndex index) {
        Binding binding = state.bindings.getOrUnused(address);
        boolean meant = binding.state() == BindingState.ACTIVE
                && binding.isOf(client)
                && binding.index().equals(index);
        return meant ? binding : null;
    }
}
