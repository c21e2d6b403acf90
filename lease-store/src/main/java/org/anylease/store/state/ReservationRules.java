package org.anylease.store.state;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.anylease.store.address.Ipv4;
import org.anylease.store.allocation.AddressPlan;
import org.anylease.store.allocation.NetworkPlan;
import org.anylease.store.command.LeaseCommand.ReserveAddresses;
import org.anylease.store.command.LeaseCommand.UnreserveAddresses;
import org.anylease.store.command.Outcome;
import org.anylease.store.command.Outcome.NotReserved.Obstacle;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.Reservation;
import org.anylease.store.config.RuntimeReservation;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;

/**
 * How addresses come to be kept for clients beside those of the configuration, and cease to be. The bindings change as
 * they do by a new configuration: an address that another client has is kept for the new one only after that one's
 * lease and the reuse rule; one kept no longer may have been promised to its client by a server that has not heard of
 * it yet (R4), so that reports alone free it.
 */
final class ReservationRules {
    /** How many a cell takes. */
    static final int RESERVATIONS_MAX = 65_536;

    private final CellState state;
    private final PlanChange planChange;

    ReservationRules(CellState state, PlanChange planChange) {
        this.state = state;
        this.planChange = planChange;
    }

    Outcome reserve(ReserveAddresses command) {
        CellConfig file = state.file().orElse(null);
        TreeMap<Ipv4, RuntimeReservation> fresh = new TreeMap<>();
        List<Outcome.NotReserved> obstacles = obstacles(command, fresh);
        if (!obstacles.isEmpty()) {
            return obstacles.getFirst();
        }
        boolean changes = false;
        for (RuntimeReservation wish : fresh.values()) {
            RuntimeReservation before = state.reservations.at(wish.address());
            if (before == null || !isSame(before, wish)) {
                state.reservations.put(wish);
                changes = true;
            }
        }
        if (file == null || !changes) {
            return new Outcome.Done(0);
        }
        planChange.to(file);
        return new Outcome.Done(fresh.size());
    }

    /** What stands against each of a command's reservations, if anything does. */
    List<Outcome.NotReserved> obstacles(ReserveAddresses command) {
        return obstacles(command, new TreeMap<>());
    }

    private List<Outcome.NotReserved> obstacles(ReserveAddresses command, SortedMap<Ipv4, RuntimeReservation> fresh) {
        AddressPlan file = state.file().map(AddressPlan::new).orElse(null);
        List<Outcome.NotReserved> obstacles = new ArrayList<>();
        for (RuntimeReservation wish : command.reservations()) {
            Outcome.NotReserved against = against(wish, file, fresh, command.whenFree());
            if (against == null) {
                fresh.put(wish.address(), wish);
            } else {
                obstacles.add(against);
            }
        }
        return obstacles;
    }

    Outcome unreserve(UnreserveAddresses command) {
        int removed = 0;
        for (RuntimeReservation given : command.reservations()) {
            RuntimeReservation kept = state.reservations.at(given.address());
            if (kept != null && kept.key().equals(given.key())) {
                state.reservations.remove(given.address());
                removed++;
            }
        }
        if (removed > 0) {
            state.file().ifPresent(planChange::to);
        }
        return new Outcome.Done(removed);
    }

    /** Why a reservation cannot be taken, or null. */
    private Outcome.@Nullable NotReserved against(
            RuntimeReservation wish,
            @Nullable AddressPlan file,
            SortedMap<Ipv4, RuntimeReservation> fresh,
            boolean whenFree) {
        Ipv4 address = wish.address();
        NetworkPlan network = file == null ? null : file.networkOf(address);
        if (network == null) {
            return new Outcome.NotReserved(address, Obstacle.NO_SUBNET, null);
        }
        if (network.isOwnName(address)) {
            return new Outcome.NotReserved(address, Obstacle.OWN_NAME, null);
        }
        Reservation filed = network.reservationAt(address);
        if (filed != null) {
            boolean same = filed.key().equals(wish.key());
            return new Outcome.NotReserved(address, same ? Obstacle.IN_FILE : Obstacle.KEPT_FOR_ANOTHER, null);
        }
        RuntimeReservation before = fresh.getOrDefault(address, state.reservations.at(address));
        if (before != null && !before.key().equals(wish.key())) {
            return new Outcome.NotReserved(address, Obstacle.KEPT_FOR_ANOTHER, null);
        }
        Ipv4 other = otherOf(wish, network, fresh);
        if (other != null) {
            return new Outcome.NotReserved(address, Obstacle.CLIENT_HAS_ANOTHER, other);
        }
        if (before == null && state.reservations.count() + fresh.size() >= RESERVATIONS_MAX) {
            return new Outcome.NotReserved(address, Obstacle.TOO_MANY, null);
        }
        Obstacle held = whenFree || before != null ? null : heldBy(wish);
        return held == null ? null : new Outcome.NotReserved(address, held, null);
    }

    /** Another address of the network that is kept for the same client, or null. */
    private @Nullable Ipv4 otherOf(
            RuntimeReservation wish, NetworkPlan network, SortedMap<Ipv4, RuntimeReservation> fresh) {
        List<Reservation> filed = network.reservationsOf(wish.key());
        if (!filed.isEmpty()) {
            return filed.getFirst().address();
        }
        for (RuntimeReservation kept : state.reservations.of(wish.key())) {
            if (isOther(kept, wish, network)) {
                return kept.address();
            }
        }
        for (RuntimeReservation kept : fresh.values()) {
            if (isOther(kept, wish, network)) {
                return kept.address();
            }
        }
        return null;
    }

    private static boolean isOther(RuntimeReservation kept, RuntimeReservation wish, NetworkPlan network) {
        return kept.key().equals(wish.key())
                && !kept.address().equals(wish.address())
                && network.contains(kept.address());
    }

    private @Nullable Obstacle heldBy(RuntimeReservation wish) {
        Binding binding = state.bindings.getOrUnused(wish.address());
        LeaseClient client = binding.client();
        boolean own = client != null && wish.isFor(client);
        return switch (binding.state()) {
            case ACTIVE, EXPIRED, RELEASED -> own ? null : Obstacle.HELD;
            case ABANDONED -> Obstacle.ABANDONED;
            case FREE, ESCROWED, RESERVED -> null;
        };
    }

    private static boolean isSame(RuntimeReservation before, RuntimeReservation wish) {
        String name = before.hostname();
        return before.key().equals(wish.key())
                && (name == null ? wish.hostname() == null : name.equals(wish.hostname()));
    }
}
