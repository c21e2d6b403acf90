package org.anylease.store.state;

import java.time.Instant;
import org.anylease.store.config.CellTimers;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;

/**
 * The reuse rule: an address that somebody held becomes free once no server can still lead the old holder. That is so
 * when every server that may answer for the cell has reported to have applied the entry that took it away (what the
 * leader puts into ExpireDue as {@code settled}), or past expiry + MCLT + 2·skew.
 */
final class ReuseGate {
    private ReuseGate() {}

    /** Past this cell time no promise that was based on an expiry can still run. */
    static Instant past(Instant expiry, CellTimers timers) {
        return latest(expiry.plus(timers.mclt()).plus(timers.skew().multipliedBy(2)));
    }

    /** Past this cell time a client that lost an address has stopped using it (clocks within skew). */
    static Instant pastSkew(Instant expiry, CellTimers timers) {
        return latest(expiry.plus(timers.skew().multipliedBy(2)));
    }

    /** The gate that closes when an address is taken from whoever a binding names. */
    static Instant closing(Binding binding, CellTimers timers) {
        return switch (binding.state()) {
            case ACTIVE -> later(binding.gate(), past(binding.end(), timers));
            case EXPIRED, RELEASED, ABANDONED -> binding.gate();
            // A server that has not heard of it can promise a reserved address again and again (R4), so that time
            // alone never opens this gate: only reports do.
            case RESERVED -> Binding.TIME_MAX;
            case ESCROWED -> pastSkew(binding.end(), timers);
            case FREE -> Instant.EPOCH;
        };
    }

    /** The first millisecond of cell time in which time has opened the gate: 0 for one that is open, or never. */
    static long opensAt(long gateMillis) {
        if (gateMillis == Binding.TIME_MAX.toEpochMilli()) {
            return DueQueue.NEVER;
        }
        return gateMillis == 0 ? 0 : gateMillis + 1;
    }

    /** Whether a state waits for the gate. */
    static boolean isAwaitedBy(BindingState state) {
        return state == BindingState.EXPIRED || state == BindingState.RELEASED || state == BindingState.ABANDONED;
    }

    static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static Instant latest(Instant time) {
        return time.isAfter(Binding.TIME_MAX) ? Binding.TIME_MAX : time;
    }
}
