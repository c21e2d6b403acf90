package org.anylease.store.state;

import java.time.Duration;
import org.anylease.store.address.Ipv4;
import org.anylease.store.allocation.NetworkPlan;
import org.anylease.store.config.LeaseTimes;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;

/**
 * How long a lease is: as configured, but no longer than the shortest lease once most addresses of the pools are in use
 * that the same clients may have. Who holds a lease keeps what is left of it.
 */
final class LeaseLengths {
    private final CellState state;

    LeaseLengths(CellState state) {
        this.state = state;
    }

    /** The length of a lease that would be committed now. */
    Duration of(Binding binding, LeaseClient client, NetworkPlan network, @Nullable Duration wanted) {
        Ipv4 address = binding.address();
        Duration time =
                network.leaseTime(address, client, wanted, state.timers().longestLease());
        if (client.speaksBootp() || !isShort(binding, network)) {
            return time;
        }
        Duration most = network.shortestLease(address, client);
        if (binding.state() == BindingState.ACTIVE && binding.isOf(client.id())) {
            long left = Math.min(
                    Duration.between(state.time(), binding.end()).toSeconds(), LeaseTimes.INFINITE.toSeconds());
            most = left > most.toSeconds() ? Duration.ofSeconds(left) : most;
        }
        return time.compareTo(most) > 0 ? most : time;
    }

    private boolean isShort(Binding binding, NetworkPlan network) {
        int above = network.shortAbove(binding.address());
        if (above == 0) {
            return false;
        }
        int group = network.groupOf(binding.address());
        long used = state.bindings.occupancy().used(network, group);
        // What is held for the client itself is not in use yet.
        boolean own = binding.state() != BindingState.ACTIVE
                && Occupancy.Use.of(binding.state(), binding.offer() != null) == Occupancy.Use.USED;
        return (used - (own ? 1 : 0)) * 100 >= network.dynamicCount(group) * above;
    }
}
