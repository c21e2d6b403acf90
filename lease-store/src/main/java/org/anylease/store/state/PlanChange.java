package org.anylease.store.state;

import org.anylease.store.allocation.AddressPlan;
import org.anylease.store.allocation.NetworkPlan;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.Reservation;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.LeaseClient;

/**
 * What another configuration, or other reservations beside it, do to the bindings. Addresses that are kept for a client
 * are kept as soon as nobody has them; those kept no longer wait for the reuse rule.
 */
final class PlanChange {
    private final CellState state;

    PlanChange(CellState state) {
        this.state = state;
    }

    /** Takes a configuration into force, with the reservations made at run time; returns how many bindings changed. */
    int to(CellConfig file) {
        AddressPlan before = state.plan().orElse(null);
        state.configure(file);
        AddressPlan next = state.plan().orElseThrow();
        return (before == null ? 0 : unreserve(before, next)) + reserve(next);
    }

    private int unreserve(AddressPlan before, AddressPlan next) {
        int changed = 0;
        for (NetworkPlan network : before.networks()) {
            for (Reservation reservation : before.reservationsOf(network)) {
                Reservation now = next.reservationAt(reservation.address());
                boolean lost = now == null || !now.key().equals(reservation.key());
                Binding binding = state.bindings.getOrUnused(reservation.address());
                Binding unreserved = lost ? unreserved(binding, reservation) : binding;
                if (!unreserved.equals(binding)) {
                    state.bindings.put(unreserved);
                    changed++;
                }
            }
        }
        return changed;
    }

    /** A server that has not heard of it may promise the address to the reservation's client without end (R4). */
    private Binding unreserved(Binding binding, Reservation lost) {
        LeaseClient last = binding.client();
        return switch (binding.state()) {
            case RESERVED -> binding.unreserve(state.index(), state.time(), last != null && lost.isFor(last));
            case ACTIVE, EXPIRED, RELEASED, ABANDONED -> binding.awaitReports();
            case FREE, ESCROWED -> binding;
        };
    }

    private int reserve(AddressPlan next) {
        int changed = 0;
        for (NetworkPlan network : next.networks()) {
            for (Reservation reservation : next.reservationsOf(network)) {
                Binding binding = state.bindings.getOrUnused(reservation.address());
                if (binding.state() == BindingState.FREE) {
                    boolean own = binding.offer() != null
                            && reservation.isFor(binding.offer().client());
                    Binding kept = binding.reserve(state.index());
                    state.bindings.put(own ? kept : kept.withoutOffer(0));
                    changed++;
                }
            }
        }
        return changed;
    }
}
