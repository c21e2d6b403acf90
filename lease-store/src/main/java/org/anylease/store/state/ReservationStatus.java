package org.anylease.store.state;

import java.util.Collection;
import java.util.List;
import org.anylease.store.allocation.AddressPlan;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.RuntimeReservation;

/**
 * A reservation made at run time.
 *
 * @param reservation the reservation
 * @param inForce whether it counts: the configuration has its subnet, and keeps neither its address nor another address
 *     of the network for its client. It says nothing about whether another client has the address yet
 */
public record ReservationStatus(RuntimeReservation reservation, boolean inForce) {
    /**
     * How reservations would stand under a configuration.
     *
     * @param reservations made at run time
     * @param file what the operator's file says of their cell
     * @return each of them, in their order
     */
    public static List<ReservationStatus> under(Collection<RuntimeReservation> reservations, CellConfig file) {
        AddressPlan plan = new AddressPlan(file);
        return reservations.stream()
                .map(each -> new ReservationStatus(each, RuntimeReservations.hasRoom(plan, each)))
                .toList();
    }
}
