package org.anylease.store.state;

import java.time.Instant;
import org.anylease.store.address.Ipv4;
import org.anylease.store.allocation.NetworkPlan;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.LeaseCommand.DeclareDown;
import org.anylease.store.command.LeaseCommand.GrantEscrow;
import org.anylease.store.command.LeaseCommand.RecoverCell;
import org.anylease.store.command.LeaseCommand.ReturnEscrow;
import org.anylease.store.command.LeaseCommand.UndoDeclareDown;
import org.anylease.store.command.Outcome;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;

/**
 * What is set aside for servers to give out alone, and the servers that are declared down.
 *
 * <p>No owner is granted more than its share: half of what is idle or set aside in pools that the same clients may use,
 * divided by the number of members. So at most half of what nobody uses is set aside, and small pools do not sit idle.
 */
final class EscrowRules {
    private static final int SHARE_OF_IDLE = 2;

    private final CellState state;

    EscrowRules(CellState state) {
        this.state = state;
    }

    Outcome grant(GrantEscrow command) {
        ServerId owner = command.owner();
        NetworkPlan network =
                state.plan().map(plan -> plan.network(command.network())).orElse(null);
        if (network == null || !isMember(owner) || state.declaredDown.contains(owner)) {
            return new Outcome.Done(0);
        }
        Instant until = state.time().plus(state.timers().escrowTerm());
        long[] held = new long[network.groupCount()];
        int changed = 0;
        for (EscrowGrant grant : state.bindings.escrow().of(owner, network)) {
            Binding binding = state.bindings.getOrUnused(grant.address());
            if (network.isDynamic(grant.address())) {
                held[network.groupOf(grant.address())]++;
                Binding extended = binding.extend(until);
                changed += extended.equals(binding) ? 0 : 1;
                state.bindings.put(extended);
            }
        }
        // After a recovery no free address is known to be nobody's.
        return new Outcome.Done(changed + (state.recovery().isEmpty() ? grant(command, network, held, until) : 0));
    }

    /** Each time to the group of pools of which the owner has least, as long as there is one that has more for it. */
    private int grant(GrantEscrow command, NetworkPlan network, long[] held, Instant until) {
        long[] shares = new long[held.length];
        long sum = 0;
        for (int group = 0; group < held.length; group++) {
            shares[group] = share(network, group);
            sum += held[group];
        }
        int granted = 0;
        while (sum < command.wanted()) {
            int group = poorest(held, shares);
            Ipv4 idle = group < 0 ? null : state.bindings.idle().next(network, group);
            if (group >= 0 && idle == null) {
                shares[group] = 0;
                continue;
            }
            if (idle == null) {
                break;
            }
            state.bindings.put(state.bindings.getOrUnused(idle).escrow(state.index(), command.owner(), until));
            held[group]++;
            sum++;
            granted++;
        }
        return granted;
    }

    private static int poorest(long[] held, long[] shares) {
        int poorest = -1;
        for (int group = 0; group < held.length; group++) {
            if (held[group] < shares[group] && (poorest < 0 || held[group] < held[poorest])) {
                poorest = group;
            }
        }
        return poorest;
    }

    private long share(NetworkPlan network, int group) {
        Occupancy occupancy = state.bindings.occupancy();
        long unused = occupancy.idle(network, group) + occupancy.escrowed(network, group);
        int members = state.plan().orElseThrow().config().members().size();
        return unused / ((long) SHARE_OF_IDLE * members);
    }

    private boolean isMember(ServerId server) {
        return state.plan()
                .map(plan -> plan.config().members().stream()
                        .anyMatch(member -> member.server().equals(server)))
                .orElse(false);
    }

    Outcome giveBack(ReturnEscrow command, ServerId by) {
        Binding binding = state.bindings.getOrUnused(command.address());
        boolean meant = binding.state() == BindingState.ESCROWED
                && binding.index().equals(command.grant())
                && command.owner().equals(binding.server())
                && command.owner().equals(by);
        if (!meant) {
            return new Outcome.Done(0);
        }
        if (command.inUse()) {
            // Its owner has put it out of its reach and promised it to nobody: no gate is closed.
            state.abandon(binding, Instant.EPOCH, Instant.EPOCH);
        } else {
            state.bindings.put(state.freed(binding));
        }
        return new Outcome.Done(1);
    }

    Outcome declareDown(DeclareDown command) {
        ServerId server = command.server();
        boolean known = state.awaited().contains(server) && !state.declaredDown.contains(server);
        boolean othersUp = state.awaited().stream()
                .anyMatch(any -> !any.equals(server) && isMember(any) && !state.declaredDown.contains(any));
        if (!known || !othersUp) {
            return new Outcome.Done(0);
        }
        state.declaredDown.add(server, state.time(), state.index());
        state.bindings.escrowDue(server);
        return new Outcome.Done(1);
    }

    Outcome recover(RecoverCell command) {
        if (state.plan().isEmpty()) {
            return new Outcome.Done(0);
        }
        int down = 0;
        for (ServerId server : state.awaited()) {
            if (!server.equals(command.survivor()) && !state.declaredDown.contains(server)) {
                state.declaredDown.add(server, state.time(), state.index());
                state.bindings.escrowDue(server);
                down++;
            }
        }
        state.recoveries.begin(state.time(), command.author());
        return new Outcome.Done(down);
    }

    Outcome undo(UndoDeclareDown command, ServerId by) {
        ServerId server = command.server();
        Instant over = state.plan().isEmpty() ? null : state.declaredDown.over(server, state.reuseTimers());
        if (over == null || (state.time().isAfter(over) && !server.equals(by))) {
            return new Outcome.Done(0);
        }
        state.declaredDown.remove(server);
        return new Outcome.Done(1);
    }
}
