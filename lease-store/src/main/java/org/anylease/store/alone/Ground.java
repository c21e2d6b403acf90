package org.anylease.store.alone;

import java.time.Duration;
import java.time.Instant;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.command.PromiseRule;
import org.anylease.store.config.LeaseTimes;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;

/**
 * What a promise made alone may rest on.
 *
 * @param rule the rule
 * @param limit until when at most
 * @param binding the binding's index
 * @param held whether the client has the address already
 * @param kept whether the address is kept for it
 */
record Ground(PromiseRule rule, Instant limit, LogIndex binding, boolean held, boolean kept) {
    /**
     * Whether a client may be answered that cannot be told how long, as it speaks BOOTP: one with a reservation, since its
     * address stays its own whatever the time, or one of which it is committed already what it would hear. Nobody can make
     * a promise without end alone, nor shorten one that its client takes to last.
     */
    boolean lasts(Binding committed, Duration left, Duration lease) {
        boolean endless = lease.equals(LeaseTimes.INFINITE)
                && committed.state() == BindingState.ACTIVE
                && Duration.between(committed.lastSeen(), committed.end()).compareTo(lease) >= 0;
        return kept || endless || left.compareTo(lease) >= 0;
    }
}
