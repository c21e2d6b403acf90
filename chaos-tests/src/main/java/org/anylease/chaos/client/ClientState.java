package org.anylease.chaos.client;

/** The states of RFC 2131 figure 5, and two more for a machine that is switched off. */
public enum ClientState {
    /** Switched off, or between two leases. */
    OFF,
    /** About to start over. */
    INIT,
    /** Waits for offers. */
    SELECTING,
    /** Waits for the ACK of an offer. */
    REQUESTING,
    /** Waits for the ACK of an address it remembers. */
    REBOOTING,
    /** Holds a lease. */
    BOUND,
    /** Past T1: asks its server. */
    RENEWING,
    /** Past T2: asks any server. */
    REBINDING
}
