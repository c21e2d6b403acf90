package org.anylease.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.anylease.server.admin.RestorePlan.Fate;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a repeated restore or import leaves alone, so that nothing is undone that happened since. */
final class RestorePlanTest {
    private static final Instant SEEN = MemoryCluster.NOW;

    private static LeaseClient client(int number) {
        Octets hardware = Octets.of((byte) 1, (byte) 2, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) number);
        return new LeaseClient(
                new ClientId(ClientId.Kind.HARDWARE, hardware), hardware, "", Octets.EMPTY, Ipv4.UNSPECIFIED);
    }

    private static Binding binding(BindingState state, @Nullable LeaseClient client, Instant seen) {
        boolean ends = state != BindingState.FREE;
        return new Binding(
                Ipv4.parse("10.0.0.10"),
                state,
                LogIndex.NONE,
                client,
                Instant.EPOCH,
                ends ? SEEN.plus(Duration.ofHours(1)) : Instant.EPOCH,
                Instant.EPOCH,
                seen,
                state == BindingState.ESCROWED ? new ServerId("a") : null,
                0,
                0,
                null);
    }

    private static Fate fate(BindingState given, BindingState here) {
        return Fate.of(binding(given, client(1), SEEN), binding(here, client(1), SEEN));
    }

    @Test
    void putsWhatIsMissingOrNewer() {
        Binding given = binding(BindingState.ACTIVE, client(1), SEEN);
        assertThat(Fate.of(given, null)).isEqualTo(Fate.PUT);
        assertThat(Fate.of(given, Binding.neverUsed(given.address(), 7))).isEqualTo(Fate.PUT);
        assertThat(Fate.of(given, binding(BindingState.FREE, client(2), SEEN.minusSeconds(1))))
                .isEqualTo(Fate.PUT);
        assertThat(Fate.of(given, binding(BindingState.ACTIVE, client(1), SEEN.minusSeconds(1))))
                .isEqualTo(Fate.PUT);
    }

    @Test
    void leavesWhatIsInPlace() {
        for (BindingState state : BindingState.values()) {
            if (state != BindingState.ESCROWED && state != BindingState.RESERVED) {
                assertThat(fate(state, state)).as("%s", state).isEqualTo(Fate.STAYS);
            }
        }
        Binding abandoned = binding(BindingState.ABANDONED, null, SEEN);
        assertThat(Fate.of(abandoned, abandoned)).isEqualTo(Fate.STAYS);
    }

    @Test
    void undoesNothingThatHappenedWithoutAWordOfTheClient() {
        assertThat(fate(BindingState.ACTIVE, BindingState.RELEASED)).isEqualTo(Fate.STAYS);
        assertThat(fate(BindingState.ACTIVE, BindingState.FREE)).isEqualTo(Fate.STAYS);
        assertThat(fate(BindingState.EXPIRED, BindingState.FREE)).isEqualTo(Fate.STAYS);
        assertThat(fate(BindingState.FREE, BindingState.RESERVED)).isEqualTo(Fate.STAYS);
        assertThat(Fate.of(binding(BindingState.ABANDONED, client(1), SEEN), binding(BindingState.FREE, null, SEEN)))
                .as("an address that was found in use forgets its client")
                .isEqualTo(Fate.STAYS);
        assertThat(Fate.of(
                        binding(BindingState.ACTIVE, client(1), SEEN),
                        binding(BindingState.FREE, client(2), SEEN.plusSeconds(1))))
                .isEqualTo(Fate.STAYS);
    }

    @Test
    void takesFromNobody() {
        Binding given = binding(BindingState.ACTIVE, client(1), SEEN);
        assertThat(Fate.of(given, binding(BindingState.ACTIVE, client(2), SEEN.minusSeconds(9))))
                .isEqualTo(Fate.TAKEN);
        assertThat(Fate.of(given, binding(BindingState.ESCROWED, null, Instant.EPOCH)))
                .isEqualTo(Fate.ESCROWED);
        assertThat(Fate.of(binding(BindingState.ESCROWED, null, Instant.EPOCH), null))
                .isEqualTo(Fate.LEFT_OUT);
    }
}
