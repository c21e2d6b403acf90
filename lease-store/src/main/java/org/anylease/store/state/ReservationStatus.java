package org.anylease.store.state;

import org.anylease.store.config.RuntimeReservation;

/**
 * A reservation made at run time.
 *
 * @param reservation the reservation
 * @param inForce whether it counts: the configuration has its subnet, and keeps neither its address nor another address
 *     of the network for its client. It says nothing about whether another client has the address yet
 */
public record ReservationStatus(RuntimeReservation reservation, boolean inForce) {}
