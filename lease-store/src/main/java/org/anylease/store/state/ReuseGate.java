package org.anylease.store.state;

import java.time.Instant;
import org.anylease.store.config.CellTimers;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;

/**
 * The reuse rule (docs/protocol, "Reuse"): an address that somebody held becomes free once no server can still lead
 * the old holder. That is so when every server that may answer for the cell has reported to have applied the entry
 * that took it away, or past expiry + MCLT + 2·skew.
 *
 * <p>In this version no server promises alone. So nobody is awaited, and the gate is open at once: it is in the next
 * entry already, but never in the entry that took the address away.
 */
final class ReuseGate {
    private static final boolean REPORTS_AWAITED = false;

    private ReuseGate() {}

    /** Past this cell time no promise that was based on an expiry can still run. */
    static Instant past(Instant expiry, CellTimers timers) {
        return latest(expiry.plus(timers.mclt()).plus(timers.skew().multipliedBy(2)));
    }

    /** Past this cell time a client that lost an address has stopped using it (clocks within skew). */
    static Instant pastSkew(Instant expiry, CellTimers timers) {
        return latest(expiry.plus(timers.skew().multipliedBy(2)));
    }

    /** The gate that closes when an address is taken from the holder that a binding names. */
    static Instant closing(Binding binding, CellTimers timers) {
        return switch (binding.state()) {
            case ACTIVE -> past(binding.end(), timers);
            case EXPIRED, RELEASED, ABANDONED -> binding.gate();
            // A server that has not heard of it can promise a reserved address again and again (R4), so that time
            // alone never opens this gate: only reports do.
            case RESERVED -> Binding.TIME_MAX;
            case FREE, ESCROWED -> Instant.EPOCH;
        };
    }

    /** The first millisecond of cell time in which the gate is open; 0 when it is open at once. */
    static long opensAt(long gateMillis) {
        return REPORTS_AWAITED && gateMillis != 0 ? gateMillis + 1 : 0;
    }

    /** Whether a state waits for the gate. */
    static boolean isAwaitedBy(BindingState state) {
        return state == BindingState.EXPIRED || state == BindingState.RELEASED || state == BindingState.ABANDONED;
    }

    private static Instant latest(Instant time) {
        return time.isAfter(Binding.TIME_MAX) ? Binding.TIME_MAX : time;
    }
}
