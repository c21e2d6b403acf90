package org.anylease.store.state;

import static org.anylease.store.state.Cells.client;
import static org.anylease.store.state.Cells.network;
import static org.anylease.store.state.Cells.reservation;
import static org.anylease.store.state.Cells.subnet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.LeaseCommand.ReserveAddresses;
import org.anylease.store.command.LeaseCommand.UnreserveAddresses;
import org.anylease.store.command.Outcome;
import org.anylease.store.command.Outcome.NotReserved.Obstacle;
import org.anylease.store.command.RequestKind;
import org.anylease.store.config.Reservation;
import org.anylease.store.config.RuntimeReservation;
import org.anylease.store.config.SharedNetwork;
import org.anylease.store.lease.BindingState;
import org.anylease.store.state.Cells.Driver;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reservations made at run time, by example; {@link NaiveModelTest} mixes them with everything else. */
class RuntimeReservationTest {
    private static final Ipv4 TEN = Ipv4.parse("10.0.0.10");
    private static final Ipv4 ELEVEN = Ipv4.parse("10.0.0.11");
    private static final LogIndex ALL = new LogIndex(Long.MAX_VALUE);
    private final Driver cell = new Driver();

    @BeforeEach
    void configure() {
        cell.configure(lan());
    }

    private static SharedNetwork lan(Reservation... reservations) {
        return network("lan", true, subnet("10.0.0.0/24", List.of("10.0.0.10-10.0.0.33"), reservations));
    }

    private RuntimeReservation wish(Ipv4 address, int client) {
        return new RuntimeReservation(address, client(client).id(), null, "operator", cell.now);
    }

    private Outcome reserve(boolean whenFree, RuntimeReservation... wishes) {
        return cell.run(new ReserveAddresses(List.of(wishes), whenFree));
    }

    private Outcome bind(int client, Ipv4 address) {
        return cell.run(new LeaseCommand.CommitLease(client(client), "lan", address, RequestKind.SELECTING, null));
    }

    private Outcome offer(int client) {
        return cell.run(new LeaseCommand.OfferAddress(client(client), "lan", null, null));
    }

    private BindingState stateOf(Ipv4 address) {
        return cell.table.binding(address).orElseThrow().state();
    }

    private static Outcome not(Ipv4 address, Obstacle obstacle) {
        return new Outcome.NotReserved(address, obstacle, null);
    }

    @Test
    void isInForceAtOnce() {
        assertThat(reserve(false, wish(TEN, 1))).isEqualTo(new Outcome.Done(1));
        assertThat(stateOf(TEN)).isEqualTo(BindingState.RESERVED);
        assertThat(bind(2, TEN)).isInstanceOf(Outcome.Refused.class);
        assertThat(offer(1))
                .isInstanceOfSatisfying(
                        Outcome.Offered.class,
                        offered -> assertThat(offered.address()).isEqualTo(TEN));
        assertThat(bind(1, TEN)).isInstanceOf(Outcome.Bound.class);
        assertThat(reserve(false, wish(TEN, 1))).as("said again").isEqualTo(new Outcome.Done(0));
    }

    @Test
    void refusesAllOfACommandForOneThatCannotBe() {
        cell.configure(lan(reservation("10.0.0.20", client(5))));
        assertThat(bind(9, ELEVEN)).isInstanceOf(Outcome.Bound.class);
        assertThat(reserve(false, wish(TEN, 1), wish(ELEVEN, 2))).isEqualTo(not(ELEVEN, Obstacle.HELD));
        assertThat(cell.table.reservations()).isEmpty();
        assertThat(reserve(false, wish(TEN, 1))).isEqualTo(new Outcome.Done(1));
        assertThat(reserve(true, wish(TEN, 2))).isEqualTo(not(TEN, Obstacle.KEPT_FOR_ANOTHER));
        assertThat(reserve(true, wish(ELEVEN, 1)))
                .isEqualTo(new Outcome.NotReserved(ELEVEN, Obstacle.CLIENT_HAS_ANOTHER, TEN));
        Ipv4 twenty = Ipv4.parse("10.0.0.20");
        assertThat(reserve(true, wish(twenty, 5))).isEqualTo(not(twenty, Obstacle.IN_FILE));
        assertThat(reserve(true, wish(twenty, 6))).isEqualTo(not(twenty, Obstacle.KEPT_FOR_ANOTHER));
        Ipv4 elsewhere = Ipv4.parse("192.0.2.1");
        assertThat(reserve(true, wish(elsewhere, 6))).isEqualTo(not(elsewhere, Obstacle.NO_SUBNET));
        Ipv4 broadcast = Ipv4.parse("10.0.0.255");
        assertThat(reserve(true, wish(broadcast, 6))).isEqualTo(not(broadcast, Obstacle.OWN_NAME));
    }

    @Test
    void waitsForWhoeverHasTheAddressAndForTheReuseRule() {
        bind(2, TEN);
        assertThat(reserve(true, wish(TEN, 1))).isEqualTo(new Outcome.Done(1));
        assertThat(stateOf(TEN)).isEqualTo(BindingState.ACTIVE);
        assertThat(bind(1, TEN)).isEqualTo(new Outcome.Refused(Outcome.Refused.Reason.TAKEN));
        cell.now = cell.table.binding(TEN).orElseThrow().end().plus(Duration.ofMinutes(1));
        cell.run(new LeaseCommand.ExpireDue(10, LogIndex.NONE));
        // A server that is cut off may still extend the old lease by R2.
        assertThat(stateOf(TEN)).isEqualTo(BindingState.EXPIRED);
        assertThat(bind(1, TEN)).isEqualTo(new Outcome.Refused(Outcome.Refused.Reason.TAKEN));
        cell.run(new LeaseCommand.ExpireDue(10, ALL));
        assertThat(stateOf(TEN)).isEqualTo(BindingState.RESERVED);
        assertThat(bind(1, TEN)).isInstanceOf(Outcome.Bound.class);
    }

    @Test
    void anAddressKeptNoLongerIsFreedByReportsAlone() {
        reserve(false, wish(TEN, 1));
        assertThat(cell.run(new UnreserveAddresses(List.of(wish(TEN, 2)))))
                .as("kept for another by now")
                .isEqualTo(new Outcome.Done(0));
        assertThat(cell.run(new UnreserveAddresses(List.of(wish(TEN, 1))))).isEqualTo(new Outcome.Done(1));
        assertThat(reserve(false, wish(TEN, 2))).isEqualTo(not(TEN, Obstacle.HELD));
        assertThat(reserve(true, wish(TEN, 2))).isEqualTo(new Outcome.Done(1));
        cell.now = cell.now.plus(Duration.ofDays(400));
        cell.run(new LeaseCommand.ExpireDue(10, LogIndex.NONE));
        // A server that has heard nothing for a year promises the address to client 1 still (R4).
        assertThat(bind(2, TEN)).isEqualTo(new Outcome.Refused(Outcome.Refused.Reason.TAKEN));
        cell.run(new LeaseCommand.ExpireDue(10, ALL));
        assertThat(bind(2, TEN)).isInstanceOf(Outcome.Bound.class);
    }

    @Test
    void outlivesConfigurationsAndYieldsToThem() {
        reserve(false, wish(TEN, 1));
        cell.configure(lan(reservation("10.0.0.20", client(1))));
        assertThat(cell.table.reservations())
                .containsExactly(new ReservationStatus(
                        cell.table.reservations().getFirst().reservation(), false));
        assertThat(stateOf(TEN)).isEqualTo(BindingState.EXPIRED);
        cell.configure(lan());
        assertThat(cell.table.reservations().getFirst().inForce()).isTrue();
        cell.run(new LeaseCommand.ExpireDue(10, ALL));
        assertThat(stateOf(TEN)).isEqualTo(BindingState.RESERVED);
    }

    @Test
    void aCommandHasABound() {
        List<RuntimeReservation> many = Collections.nCopies(1001, wish(TEN, 1));
        assertThatThrownBy(() -> new ReserveAddresses(many, false)).hasMessageContaining("1001");
        assertThatThrownBy(() -> new UnreserveAddresses(many)).hasMessageContaining("1001");
    }
}
