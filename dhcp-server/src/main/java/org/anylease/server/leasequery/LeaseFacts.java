package org.anylease.server.leasequery;

import java.time.Instant;
import org.anylease.store.address.Ipv4;
import org.anylease.store.alone.JournalRecord.Promise;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.PromiseEnding;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;

/**
 * What this server can say of an address: what it has applied of the cell, and what it promised alone since.
 *
 * @param address the address
 * @param state what it is to requesters
 * @param client who has it, or had it last; null when nobody did, or the cell has forgotten it
 * @param end ACTIVE: until when; else of no meaning
 * @param lastTransaction when its client was last heard of; the epoch if never
 * @param since since when it is in its state; the epoch when that is not known
 * @param remote whether another server heard the client last
 */
public record LeaseFacts(
        Ipv4 address,
        LeaseState state,
        @Nullable LeaseClient client,
        Instant end,
        Instant lastTransaction,
        Instant since,
        boolean remote) {
    /**
     * What can be said of an address.
     *
     * @param address the address
     * @param binding what is applied of it, or null
     * @param promise what this server promised alone of it and the cell has not committed yet, or null
     * @param self this server
     * @param now this server's clock
     * @return a lease that has run out is EXPIRED at once, whatever its cell has committed
     */
    public static LeaseFacts of(
            Ipv4 address, @Nullable Binding binding, @Nullable Promise promise, ServerId self, Instant now) {
        if (promise != null && counts(promise, binding)) {
            return promised(address, binding, promise, now);
        }
        if (binding == null) {
            return new LeaseFacts(
                    address, LeaseState.AVAILABLE, null, Instant.EPOCH, Instant.EPOCH, Instant.EPOCH, false);
        }
        LeaseState state = state(binding, self, now);
        Instant since = switch (state) {
            case ACTIVE -> binding.start();
            case EXPIRED -> binding.client() == null ? Instant.EPOCH : binding.end();
            case AVAILABLE, RELEASED, ABANDONED, REMOTE -> Instant.EPOCH;
        };
        return new LeaseFacts(
                address,
                state,
                binding.client(),
                binding.end(),
                binding.lastSeen(),
                since,
                binding.client() != null && !self.equals(binding.server()));
    }

    /** Whether a promise says more than what is applied. */
    private static boolean counts(Promise promise, @Nullable Binding binding) {
        if (binding == null || promise.ending() != PromiseEnding.HELD) {
            return binding == null || binding.index().equals(promise.binding());
        }
        if (binding.state() != BindingState.ACTIVE) {
            return true;
        }
        return binding.isOf(promise.client().id()) && binding.end().isBefore(promise.until());
    }

    private static LeaseFacts promised(Ipv4 address, @Nullable Binding binding, Promise promise, Instant now) {
        LeaseState state = switch (promise.ending()) {
            case HELD -> now.isBefore(promise.until()) ? LeaseState.ACTIVE : LeaseState.EXPIRED;
            case RELEASED -> LeaseState.RELEASED;
            case DECLINED -> LeaseState.ABANDONED;
        };
        Binding held = binding != null
                        && binding.state() == BindingState.ACTIVE
                        && binding.isOf(promise.client().id())
                ? binding
                : null;
        Instant since = switch (state) {
            case ACTIVE -> held == null ? promise.promised() : held.start();
            case EXPIRED -> promise.until();
            case AVAILABLE, RELEASED, ABANDONED, REMOTE -> promise.promised();
        };
        LeaseClient earlier = held == null ? null : held.client();
        LeaseClient client =
                earlier == null ? promise.client() : promise.client().keepingRelayOf(earlier);
        return new LeaseFacts(address, state, client, promise.until(), promise.promised(), since, false);
    }

    private static LeaseState state(Binding binding, ServerId self, Instant now) {
        return switch (binding.state()) {
            case FREE, RESERVED -> LeaseState.AVAILABLE;
            case ACTIVE -> now.isBefore(binding.end()) ? LeaseState.ACTIVE : LeaseState.EXPIRED;
            case EXPIRED -> LeaseState.EXPIRED;
            case RELEASED -> LeaseState.RELEASED;
            case ABANDONED -> LeaseState.ABANDONED;
            case ESCROWED -> self.equals(binding.server()) ? LeaseState.AVAILABLE : LeaseState.REMOTE;
        };
    }

    /**
     * Whether it changed between two times, as far as that is known: when a client gave it back is not kept, so one that
     * may have changed counts.
     *
     * @param from the earlier time, or null
     * @param to the later time, or null
     * @return false only when it surely did not
     */
    public boolean mayHaveChanged(@Nullable Instant from, @Nullable Instant to) {
        if (state != LeaseState.ACTIVE && since.equals(Instant.EPOCH)) {
            return true;
        }
        Instant changed = since.isAfter(lastTransaction) ? since : lastTransaction;
        return (from == null || !changed.isBefore(from)) && (to == null || !changed.isAfter(to));
    }
}
