package org.anylease.store.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.anylease.store.address.Ipv4;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome;
import org.anylease.store.command.RequestKind;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a backup may not undo: a promised expiry, and the gate that an address waits behind. */
final class RestoreTest {
    private static final Ipv4 ADDRESS = Ipv4.parse("10.0.0.10");

    private final Cells.Driver cell = new Cells.Driver();

    @BeforeEach
    void lease() {
        cell.configure(Cells.network("lan", true, Cells.subnet("10.0.0.0/24", List.of("10.0.0.10-10.0.0.20"))));
        cell.run(new LeaseCommand.CommitLease(Cells.client(1), "lan", ADDRESS, RequestKind.SELECTING, null));
    }

    private Binding now() {
        return cell.table.binding(ADDRESS).orElseThrow();
    }

    private static Binding as(Binding binding, BindingState state, Instant end) {
        return new Binding(
                binding.address(),
                state,
                binding.index(),
                binding.client(),
                binding.start(),
                end,
                Instant.EPOCH,
                binding.lastSeen(),
                binding.server(),
                0,
                0,
                null);
    }

    private Outcome restore(Binding binding) {
        return cell.run(new LeaseCommand.RestoreBindings(List.of(binding)));
    }

    @Test
    void bringsALeaseThatWasGivenBackNoEarlierExpiry() {
        Binding leased = now();
        cell.run(new LeaseCommand.ReleaseLease(Cells.client(1).id(), ADDRESS, leased.index()));
        assertThat(now().state()).isEqualTo(BindingState.RELEASED);
        restore(as(leased, BindingState.ACTIVE, leased.end().minus(Duration.ofMinutes(30))));
        assertThat(now().state()).isEqualTo(BindingState.ACTIVE);
        assertThat(now().end()).as("R1").isEqualTo(leased.end());
    }

    @Test
    void opensNoGateThatAnAddressWaitsBehind() {
        Binding leased = now();
        cell.run(new LeaseCommand.ReleaseLease(Cells.client(1).id(), ADDRESS, leased.index()));
        Binding released = now();
        assertThat(restore(as(released, BindingState.FREE, Instant.EPOCH))).isEqualTo(new Outcome.Done(0));
        assertThat(now()).isEqualTo(released);
        restore(as(released, BindingState.EXPIRED, leased.end()));
        assertThat(now().gate()).isEqualTo(released.gate());
    }
}
