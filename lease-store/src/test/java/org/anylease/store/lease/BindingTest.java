package org.anylease.store.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.state.Cells;
import org.junit.jupiter.api.Test;

/** The transition table of a binding: every move from every state. */
class BindingTest {
    private static final Instant NOW = Cells.START;
    private static final LogIndex ENTRY = new LogIndex(9);
    private static final ServerId SERVER = new ServerId("dc1-a");
    private static final LeaseClient HOLDER = Cells.client(1);
    private static final LeaseClient OTHER = Cells.client(2);

    private static Binding in(BindingState state) {
        return new Binding(
                Ipv4.parse("10.0.0.1"),
                state,
                new LogIndex(1),
                HOLDER,
                NOW,
                NOW.plusSeconds(60),
                Instant.EPOCH,
                NOW,
                SERVER,
                0,
                0,
                null);
    }

    private static void legalOnlyFrom(Set<BindingState> legal, BindingState to, UnaryOperator<Binding> move) {
        for (BindingState state : BindingState.values()) {
            if (legal.contains(state)) {
                Binding moved = move.apply(in(state));
                assertThat(moved.state()).as("from %s", state).isEqualTo(to);
                assertThat(moved.index()).as("from %s", state).isEqualTo(ENTRY);
            } else {
                assertThatThrownBy(() -> move.apply(in(state)))
                        .as("from %s", state)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("10.0.0.1 is " + state);
            }
        }
    }

    private static Set<BindingState> states(BindingState first, BindingState... rest) {
        return EnumSet.of(first, rest);
    }

    @Test
    void bindsTheSameClientUnlessAbandonedAndAnotherOnlyWhereNobodyHoldsIt() {
        legalOnlyFrom(
                EnumSet.complementOf(EnumSet.of(BindingState.ABANDONED)),
                BindingState.ACTIVE,
                b -> b.bind(ENTRY, HOLDER, NOW, NOW.plusSeconds(60), SERVER, 0));
        legalOnlyFrom(
                states(BindingState.FREE, BindingState.RESERVED, BindingState.ESCROWED),
                BindingState.ACTIVE,
                b -> b.bind(ENTRY, OTHER, NOW, NOW.plusSeconds(60), SERVER, 0));
    }

    @Test
    void neverLowersAnExpiryThatServersMayRelyOn() {
        for (BindingState state : List.of(BindingState.ACTIVE, BindingState.EXPIRED, BindingState.RELEASED)) {
            assertThatThrownBy(() -> in(state).bind(ENTRY, HOLDER, NOW, NOW.plusSeconds(59), SERVER, 0))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("R1");
        }
    }

    @Test
    void expiresAndReleasesOnlyWhatIsActive() {
        legalOnlyFrom(states(BindingState.ACTIVE), BindingState.EXPIRED, b -> b.expire(ENTRY, NOW));
        legalOnlyFrom(states(BindingState.ACTIVE), BindingState.RELEASED, b -> b.release(ENTRY, NOW));
    }

    @Test
    void abandonsFromEveryState() {
        legalOnlyFrom(EnumSet.allOf(BindingState.class), BindingState.ABANDONED, b -> b.abandon(ENTRY, NOW, NOW));
    }

    @Test
    void freesOnlyWhatHasPassedTheGate() {
        legalOnlyFrom(
                states(BindingState.EXPIRED, BindingState.RELEASED, BindingState.ABANDONED, BindingState.ESCROWED),
                BindingState.FREE,
                b -> b.free(ENTRY, 5));
    }

    @Test
    void reservesWhatNobodyHoldsAndTakesReservationsAwayByTheReuseRule() {
        legalOnlyFrom(
                states(BindingState.EXPIRED, BindingState.RELEASED, BindingState.ABANDONED, BindingState.FREE),
                BindingState.RESERVED,
                b -> b.reserve(ENTRY));
        legalOnlyFrom(states(BindingState.RESERVED), BindingState.EXPIRED, b -> b.unreserve(ENTRY, NOW, true));
    }

    @Test
    void forgetsTheLastClientOfAReservationThatWasAnothers() {
        Binding own = in(BindingState.RESERVED).unreserve(ENTRY, NOW, true);
        Binding anothers = in(BindingState.RESERVED).unreserve(ENTRY, NOW, false);
        assertThat(own.isOf(HOLDER.id())).isTrue();
        assertThat(anothers.client()).isNull();
        assertThat(anothers.gate()).as("opened by reports only").isEqualTo(Binding.TIME_MAX);
        Binding bound = anothers.bind(ENTRY, OTHER, NOW, NOW.plusSeconds(60), SERVER, 0);
        assertThat(bound.gate()).as("also when it is bound again").isEqualTo(Binding.TIME_MAX);
    }

    @Test
    void extendsAGrantWithoutEverShorteningIt() {
        Binding escrowed = in(BindingState.FREE).escrow(ENTRY, SERVER, NOW.plusSeconds(60));
        Binding extended = escrowed.extend(NOW.plusSeconds(90));
        assertThat(extended.end()).isEqualTo(NOW.plusSeconds(90));
        assertThat(extended.index()).isEqualTo(escrowed.index());
        assertThat(extended.extend(NOW.plusSeconds(70))).isEqualTo(extended);
        assertThatThrownBy(() -> in(BindingState.FREE).extend(NOW)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void escrowsOnlyWhatIsFreeAndNotOffered() {
        legalOnlyFrom(states(BindingState.FREE), BindingState.ESCROWED, b -> b.escrow(ENTRY, SERVER, NOW));
        Binding offered = in(BindingState.FREE).withOffer(new Offer(OTHER, NOW, SERVER));
        assertThatThrownBy(() -> offered.escrow(ENTRY, SERVER, NOW)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anOfferLeavesStateClientExpiryAndIndexUntouched() {
        Binding free = in(BindingState.FREE);
        Binding offered = free.withOffer(new Offer(OTHER, NOW, SERVER));
        assertThat(offered.withoutOffer(0)).isEqualTo(free);
        for (BindingState state :
                List.of(BindingState.ACTIVE, BindingState.ABANDONED, BindingState.ESCROWED, BindingState.EXPIRED)) {
            assertThatThrownBy(() -> in(state).withOffer(new Offer(OTHER, NOW, SERVER)))
                    .as("%s", state)
                    .isInstanceOf(IllegalStateException.class);
        }
    }
}
