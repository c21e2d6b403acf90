package org.anylease.store.state;

import java.util.function.ToIntFunction;
import org.anylease.store.address.Ipv4;
import org.anylease.store.allocation.AddressPlan;
import org.anylease.store.allocation.NetworkPlan;
import org.anylease.store.config.Reservation;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.ClassMembership;
import org.anylease.store.lease.LeaseClient;
import org.anylease.store.lease.Offer;
import org.jspecify.annotations.Nullable;

/** Whether a client may have an address at all, whoever has it now. */
final class Leasability {
    private final CellState state;

    Leasability(CellState state) {
        this.state = state;
    }

    /**
     * Whether the configuration lets a client have an address: the one kept for it, or any dynamic one of a pool
     * that it may use, unless another is kept for it and can be had.
     */
    boolean isLeasable(Ipv4 address, LeaseClient client, NetworkPlan network) {
        Reservation reservation = network.reservationAt(address);
        if (reservation != null) {
            return network.contains(address) && reservation.isFor(client);
        }
        return network.isDynamic(address) && network.permits(address, client) && reservedFor(client, network) == null;
    }

    /** Whether the limits of its classes let a client have another address. */
    boolean hasRoomFor(LeaseClient client) {
        return hasRoomFor(client, _ -> 0);
    }

    boolean hasRoomFor(LeaseClient client, ToIntFunction<ClassMembership> more) {
        if (client.classes().isEmpty()) {
            return true;
        }
        AddressPlan plan = state.plan().orElse(null);
        return plan == null
                || state.bindings
                        .classes()
                        .hasRoomFor(client, plan.classes(), state.bindings.naming(client.id()), more);
    }

    /** The binding of the address kept for a client, when nobody else has it; else null. */
    @Nullable
    Binding reservedFor(LeaseClient client, NetworkPlan network) {
        for (Reservation reservation : network.reservationsFor(client)) {
            Binding binding = state.bindings.getOrUnused(reservation.address());
            boolean available = switch (binding.state()) {
                case RESERVED, FREE -> !isOfferedToAnother(binding, client);
                case ACTIVE, EXPIRED, RELEASED -> binding.isOf(client.id());
                case ABANDONED, ESCROWED -> false;
            };
            if (available && network.contains(reservation.address())) {
                return binding;
            }
        }
        return null;
    }

    /** Whether somebody else has been offered the address lately. */
    boolean isOfferedToAnother(Binding binding, LeaseClient client) {
        Offer offer = binding.offerAt(state.time());
        return offer != null && !offer.client().id().equals(client.id());
    }

    /** Whether the client has been offered the address lately. */
    boolean isOfferedTo(Binding binding, LeaseClient client) {
        Offer offer = binding.offerAt(state.time());
        return offer != null && offer.client().id().equals(client.id());
    }
}
