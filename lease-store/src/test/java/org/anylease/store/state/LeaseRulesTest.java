package org.anylease.store.state;

import static org.anylease.store.state.Cells.DC1;
import static org.anylease.store.state.Cells.DC1_B;
import static org.anylease.store.state.Cells.DC2;
import static org.anylease.store.state.Cells.client;
import static org.anylease.store.state.Cells.network;
import static org.anylease.store.state.Cells.reservation;
import static org.anylease.store.state.Cells.subnet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.Incarnation;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.command.Batch;
import org.anylease.store.command.Entry;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome;
import org.anylease.store.command.Outcome.Refused.Reason;
import org.anylease.store.command.RequestKind;
import org.anylease.store.config.Reservation;
import org.anylease.store.config.SharedNetwork;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.LeaseClient;
import org.anylease.store.state.Cells.Driver;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rules of offering, committing, returning and expiring, by example. */
class LeaseRulesTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private final Driver cell = new Driver();

    @BeforeEach
    void configure() {
        cell.configure(lan("10.0.0.10-10.0.0.13"));
    }

    private static SharedNetwork lan(String pool, Reservation... reservations) {
        return network("lan", true, subnet("10.0.0.0/24", List.of(pool), reservations));
    }

    private Outcome offer(int client) {
        return cell.run(new LeaseCommand.OfferAddress(client(client), "lan", null, null));
    }

    private Outcome commit(int client, String address, RequestKind kind) {
        return commit(DC1, client, address, kind);
    }

    private Outcome commit(Incarnation by, int client, String address, RequestKind kind) {
        return cell.run(by, new LeaseCommand.CommitLease(client(client), "lan", Ipv4.parse(address), kind, null));
    }

    private Outcome bind(int client, String address) {
        return commit(client, address, RequestKind.SELECTING);
    }

    private Outcome expire() {
        return expire(cell.table.appliedIndex());
    }

    private Outcome expire(LogIndex settled) {
        return cell.run(new LeaseCommand.ExpireDue(100, settled));
    }

    private Binding at(String address) {
        return cell.table.binding(Ipv4.parse(address)).orElseThrow();
    }

    private static Outcome offered(String address) {
        return new Outcome.Offered(Ipv4.parse(address), HOUR, false);
    }

    private static Outcome refused(Reason reason) {
        return new Outcome.Refused(reason);
    }

    private long index() {
        return cell.table.appliedIndex().value();
    }

    @Test
    void offersUnusedAddressesFromTheLowestOn() {
        assertThat(offer(1)).isEqualTo(offered("10.0.0.10"));
        assertThat(offer(2)).isEqualTo(offered("10.0.0.11"));
        assertThat(offer(1)).as("a repeat gets the same").isEqualTo(offered("10.0.0.10"));
    }

    @Test
    void offersNothingWhenAllIsOfferedOrBound() {
        bind(1, "10.0.0.10");
        for (int i = 2; i <= 4; i++) {
            offer(i);
        }
        assertThat(offer(5)).isEqualTo(new Outcome.NoAddress());
    }

    @Test
    void neverOffersTheNetworkOrBroadcastAddressOfASubnet() {
        cell.configure(network("lan", true, subnet("10.0.0.0/30", List.of("10.0.0.0/30"))));
        assertThat(offer(1)).isEqualTo(offered("10.0.0.1"));
        assertThat(offer(2)).isEqualTo(offered("10.0.0.2"));
        assertThat(offer(3)).isEqualTo(new Outcome.NoAddress());
        assertThat(bind(3, "10.0.0.3")).isEqualTo(refused(Reason.NOT_LEASABLE));
    }

    @Test
    void offersTheAddressThatBecameIdleFirstOnceNoneIsUnused() {
        for (int i = 1; i <= 4; i++) {
            bind(i, "10.0.0.1" + (i - 1));
        }
        release(3, "10.0.0.12");
        release(1, "10.0.0.10");
        expire();
        expire();
        // Both became idle in one entry, in the order in which they were given back.
        assertThat(offer(9)).isEqualTo(offered("10.0.0.12"));
        assertThat(offer(8)).isEqualTo(offered("10.0.0.10"));
    }

    @Test
    void putsAnAddressWhoseOfferLapsedBehindAllIdleOnes() {
        offer(1);
        cell.pass(Duration.ofSeconds(30));
        assertThat(expire()).isEqualTo(new Outcome.Done(1));
        assertThat(at("10.0.0.10").offer()).isNull();
        assertThat(offer(2)).isEqualTo(offered("10.0.0.11"));
        offer(3);
        offer(4);
        assertThat(offer(5)).isEqualTo(offered("10.0.0.10"));
    }

    @Test
    void offersTheWantedAddressWhenItIsIdleElseAnother() {
        LeaseCommand wants = new LeaseCommand.OfferAddress(client(1), "lan", Ipv4.parse("10.0.0.13"), null);
        assertThat(cell.run(wants)).isEqualTo(offered("10.0.0.13"));
        LeaseCommand wantsToo = new LeaseCommand.OfferAddress(client(2), "lan", Ipv4.parse("10.0.0.13"), null);
        assertThat(cell.run(wantsToo)).isEqualTo(offered("10.0.0.10"));
        LeaseCommand outside = new LeaseCommand.OfferAddress(client(3), "lan", Ipv4.parse("10.0.0.99"), null);
        assertThat(cell.run(outside)).isEqualTo(offered("10.0.0.11"));
    }

    @Test
    void offersAClientTheAddressThatItHadLast() {
        bind(1, "10.0.0.12");
        release(1, "10.0.0.12");
        assertThat(offer(1)).isEqualTo(offered("10.0.0.12"));
        cell.pass(Duration.ofMinutes(1));
        expire();
        expire();
        assertThat(at("10.0.0.12").state()).isEqualTo(BindingState.FREE);
        assertThat(offer(1)).as("also when it is free").isEqualTo(offered("10.0.0.12"));
    }

    @Test
    void offersAnActiveAddressWithoutWritingAnything() {
        bind(1, "10.0.0.12");
        Binding before = at("10.0.0.12");
        assertThat(offer(1)).isEqualTo(new Outcome.Offered(Ipv4.parse("10.0.0.12"), HOUR, true));
        assertThat(at("10.0.0.12")).isEqualTo(before);
    }

    @Test
    void abandonsAnAddressFoundInUseAndOffersAnother() {
        offer(1);
        LeaseCommand again =
                new LeaseCommand.OfferAddress(client(1), "lan", Ipv4.parse("10.0.0.11"), Ipv4.parse("10.0.0.10"));
        assertThat(cell.run(again)).isEqualTo(offered("10.0.0.11"));
        assertThat(at("10.0.0.10").state()).isEqualTo(BindingState.ABANDONED);
        assertThat(at("10.0.0.10").offer()).isNull();
        cell.pass(Duration.ofHours(2).minusMillis(1));
        expire();
        assertThat(at("10.0.0.10").state()).isEqualTo(BindingState.ABANDONED);
        cell.pass(Duration.ofMillis(1));
        expire();
        assertThat(at("10.0.0.10").state()).isEqualTo(BindingState.FREE);
    }

    @Test
    void neverAbandonsAnAddressThatIsActiveForSomebody() {
        bind(1, "10.0.0.10");
        cell.run(new LeaseCommand.OfferAddress(client(2), "lan", null, Ipv4.parse("10.0.0.10")));
        assertThat(at("10.0.0.10").state()).isEqualTo(BindingState.ACTIVE);
    }

    @Test
    void boundsTheOffersOfACircuit() {
        cell.configure(network("lan", true, subnet("10.0.0.0/16", List.of("10.0.0.10-10.0.20.0"))));
        int most = CircuitLoad.OFFERS_PER_CIRCUIT_MAX;
        for (int i = 0; i < most; i++) {
            assertThat(cell.run(behindCircuit(i, 7))).isInstanceOf(Outcome.Offered.class);
        }
        assertThat(cell.run(behindCircuit(most, 7))).isEqualTo(new Outcome.NoAddress());
        assertThat(cell.run(behindCircuit(most, 8))).isInstanceOf(Outcome.Offered.class);
        assertThat(cell.run(behindCircuit(0, 7))).as("a refresh").isInstanceOf(Outcome.Offered.class);
    }

    private static LeaseCommand behindCircuit(int number, int circuit) {
        LeaseClient plain = client(number + 1000);
        Octets information = Octets.of((byte) 2, (byte) 1, (byte) number, (byte) 1, (byte) 1, (byte) circuit);
        LeaseClient behind = new LeaseClient(plain.id(), plain.hardware(), "", information, Ipv4.parse("10.0.0.1"));
        return new LeaseCommand.OfferAddress(behind, "lan", null, null);
    }

    @Test
    void bindsWhatWasOfferedAndCancelsTheClientsOtherOffers() {
        cell.configure(
                lan("10.0.0.10-10.0.0.13"),
                network("other", true, subnet("10.1.0.0/24", List.of("10.1.0.10-10.1.0.20"))));
        cell.run(new LeaseCommand.OfferAddress(client(1), "other", null, null));
        offer(1);
        assertThat(bind(1, "10.0.0.10"))
                .isEqualTo(new Outcome.Bound(
                        Ipv4.parse("10.0.0.10"), HOUR, cell.now.plus(HOUR), new LogIndex(index()), 0));
        assertThat(at("10.1.0.10").offer()).isNull();
    }

    @Test
    void refusesWhatIsAnothers() {
        bind(1, "10.0.0.10");
        offer(2);
        assertThat(bind(3, "10.0.0.10")).isEqualTo(refused(Reason.TAKEN));
        assertThat(bind(3, "10.0.0.11")).isEqualTo(refused(Reason.TAKEN));
        cell.pass(Duration.ofSeconds(30));
        assertThat(bind(3, "10.0.0.11")).as("the offer has lapsed").isInstanceOf(Outcome.Bound.class);
        assertThat(bind(3, "10.0.0.99")).isEqualTo(refused(Reason.NOT_LEASABLE));
    }

    @Test
    void keepsQuietToARebootingClientThatItDoesNotKnow() {
        assertThat(commit(1, "10.0.0.10", RequestKind.INIT_REBOOT)).isEqualTo(new Outcome.NotKnown());
        assertThat(commit(1, "10.0.0.10", RequestKind.REBINDING)).isInstanceOf(Outcome.Bound.class);
        assertThat(commit(1, "10.0.0.11", RequestKind.INIT_REBOOT)).isEqualTo(refused(Reason.OTHER_ADDRESS));
        assertThat(commit(1, "10.0.0.10", RequestKind.INIT_REBOOT)).isInstanceOf(Outcome.Bound.class);
    }

    @Test
    void saysNoForAForeignAddressOnlyWhereItIsAuthoritative() {
        assertThat(commit(1, "172.16.0.1", RequestKind.INIT_REBOOT)).isEqualTo(refused(Reason.NOT_LEASABLE));
        cell.configure(network("lan", false, subnet("10.0.0.0/24", List.of("10.0.0.10-10.0.0.13"))));
        assertThat(commit(1, "172.16.0.1", RequestKind.INIT_REBOOT)).isEqualTo(new Outcome.NotKnown());
        assertThat(bind(1, "172.16.0.1")).isEqualTo(refused(Reason.NOT_LEASABLE));
    }

    @Test
    void neverShortensACommittedLease() {
        cell.run(new LeaseCommand.CommitLease(
                client(1), "lan", Ipv4.parse("10.0.0.10"), RequestKind.SELECTING, Duration.ofHours(8)));
        cell.pass(HOUR);
        Outcome.Bound renewed = (Outcome.Bound) commit(1, "10.0.0.10", RequestKind.RENEWING);
        assertThat(renewed.leaseTime()).isEqualTo(HOUR);
        assertThat(renewed.expiry()).isEqualTo(Cells.START.plus(Duration.ofHours(8)));
    }

    @Test
    void keepsTheExpiryOfALeaseThatWasGivenBackAndTakenAgain() {
        cell.run(new LeaseCommand.CommitLease(
                client(1), "lan", Ipv4.parse("10.0.0.10"), RequestKind.SELECTING, Duration.ofHours(8)));
        release(1, "10.0.0.10");
        bind(1, "10.0.0.10");
        assertThat(at("10.0.0.10").end()).isEqualTo(Cells.START.plus(Duration.ofHours(8)));
    }

    @Test
    void givesNoMoreTimeOnAnAddressThatItLostToTheConfiguration() {
        bind(1, "10.0.0.10");
        cell.configure(lan("10.0.0.11-10.0.0.13"));
        cell.pass(Duration.ofMinutes(20));
        Outcome.Bound left = (Outcome.Bound) commit(1, "10.0.0.10", RequestKind.RENEWING);
        assertThat(left.leaseTime()).isEqualTo(Duration.ofMinutes(40));
        assertThat(offer(1)).isEqualTo(offered("10.0.0.11"));
        cell.pass(Duration.ofMinutes(40));
        assertThat(commit(1, "10.0.0.10", RequestKind.RENEWING)).isEqualTo(refused(Reason.NOT_LEASABLE));
    }

    @Test
    void clampsTheLeaseTimeThatAClientAsksFor() {
        for (long[] pair : new long[][] {{1, 60}, {100, 100}, {999_999, 8 * 3600}}) {
            Outcome.Bound bound = (Outcome.Bound) cell.run(new LeaseCommand.CommitLease(
                    client(1), "lan", Ipv4.parse("10.0.0.10"), RequestKind.SELECTING, Duration.ofSeconds(pair[0])));
            assertThat(bound.leaseTime()).isEqualTo(Duration.ofSeconds(pair[1]));
        }
    }

    @Test
    void expiresOnlyPastTheExpiryAndTwiceTheSkew() {
        bind(1, "10.0.0.10");
        cell.pass(HOUR.plusSeconds(10));
        assertThat(expire()).isEqualTo(new Outcome.Done(0));
        assertThat(cell.table.nextDue()).contains(cell.now.plusMillis(1));
        cell.pass(Duration.ofMillis(1));
        assertThat(expire()).isEqualTo(new Outcome.Done(1));
        Binding expired = at("10.0.0.10");
        assertThat(expired.state()).isEqualTo(BindingState.EXPIRED);
        assertThat(expired.index()).isEqualTo(new LogIndex(index()));
        assertThat(expired.gate())
                .isEqualTo(expired.end().plus(Duration.ofDays(1)).plusSeconds(10));
        assertThat(bind(2, "10.0.0.10")).as("I2 NoEarlyReuse").isEqualTo(refused(Reason.TAKEN));
        expire();
        assertThat(at("10.0.0.10").state()).isEqualTo(BindingState.FREE);
        assertThat(bind(2, "10.0.0.10")).isInstanceOf(Outcome.Bound.class);
    }

    @Test
    void movesAtMostAsManyAsAsked() {
        for (int i = 0; i < 4; i++) {
            bind(i, "10.0.0.1" + i);
        }
        cell.pass(Duration.ofHours(2));
        assertThat(cell.run(new LeaseCommand.ExpireDue(3, LogIndex.NONE))).isEqualTo(new Outcome.Done(3));
        assertThat(at("10.0.0.13").state()).isEqualTo(BindingState.ACTIVE);
    }

    @Test
    void ignoresAReleaseOrDeclineOfAnOlderBinding() {
        bind(1, "10.0.0.10");
        LogIndex old = at("10.0.0.10").index();
        commit(1, "10.0.0.10", RequestKind.RENEWING);
        Ipv4 address = Ipv4.parse("10.0.0.10");
        assertThat(cell.run(new LeaseCommand.ReleaseLease(client(1).id(), address, old)))
                .isEqualTo(new Outcome.Done(0));
        assertThat(cell.run(new LeaseCommand.DeclineAddress(client(1).id(), address, old)))
                .isEqualTo(new Outcome.Done(0));
        LogIndex current = at("10.0.0.10").index();
        assertThat(cell.run(new LeaseCommand.ReleaseLease(client(2).id(), address, current)))
                .isEqualTo(new Outcome.Done(0));
        assertThat(cell.run(new LeaseCommand.DeclineAddress(client(1).id(), address, current)))
                .isEqualTo(new Outcome.Done(1));
        assertThat(bind(1, "10.0.0.10")).isEqualTo(refused(Reason.ABANDONED));
    }

    private void release(int client, String address) {
        cell.run(new LeaseCommand.ReleaseLease(
                client(client).id(), Ipv4.parse(address), at(address).index()));
    }

    @Test
    void countsHowOftenInSuccessionAClientComesThroughAnotherSite() {
        bind(1, "10.0.0.10");
        assertThat(siteMoves(DC2)).isEqualTo(1);
        assertThat(siteMoves(DC1)).isEqualTo(2);
        assertThat(siteMoves(DC1_B)).isZero();
    }

    private int siteMoves(Incarnation by) {
        return ((Outcome.Bound) commit(by, 1, "10.0.0.10", RequestKind.RENEWING)).siteMoves();
    }

    @Test
    void keepsTheRelaysWordsWhenARenewalBypassesIt() {
        LeaseClient plain = client(1);
        LeaseClient relayed = new LeaseClient(
                plain.id(), plain.hardware(), "host", Octets.of((byte) 1, (byte) 1, (byte) 5), Ipv4.parse("10.0.0.1"));
        cell.run(new LeaseCommand.CommitLease(relayed, "lan", Ipv4.parse("10.0.0.10"), RequestKind.SELECTING, null));
        commit(1, "10.0.0.10", RequestKind.RENEWING);
        LeaseClient known = at("10.0.0.10").client();
        assertThat(known).isNotNull();
        assertThat(known.relay()).isEqualTo(relayed.relay());
        assertThat(known.relayInformation()).isEqualTo(relayed.relayInformation());
    }

    @Test
    void keepsAReservedAddressForItsClient() {
        cell.configure(lan("10.0.0.10-10.0.0.13", reservation("10.0.0.10", client(1))));
        assertThat(at("10.0.0.10").state()).isEqualTo(BindingState.RESERVED);
        assertThat(offer(2)).isEqualTo(offered("10.0.0.11"));
        assertThat(bind(2, "10.0.0.10")).isEqualTo(refused(Reason.TAKEN));
        assertThat(bind(1, "10.0.0.12")).isEqualTo(refused(Reason.NOT_LEASABLE));
        assertThat(offer(1)).isEqualTo(offered("10.0.0.10"));
        assertThat(bind(1, "10.0.0.10")).isInstanceOf(Outcome.Bound.class);
        release(1, "10.0.0.10");
        expire();
        assertThat(at("10.0.0.10").state()).isEqualTo(BindingState.RESERVED);
    }

    @Test
    void letsAReservationTakenAwayWaitForTheReuseRule() {
        cell.configure(lan("10.0.0.10-10.0.0.13", reservation("10.0.0.10", client(1))));
        cell.configure(lan("10.0.0.10-10.0.0.13"));
        assertThat(at("10.0.0.10").state()).isEqualTo(BindingState.EXPIRED);
        assertThat(bind(2, "10.0.0.10")).isEqualTo(refused(Reason.TAKEN));
        expire();
        assertThat(at("10.0.0.10").state()).isEqualTo(BindingState.FREE);
    }

    @Test
    void reservesAHeldAddressOnceItsHolderIsGone() {
        bind(2, "10.0.0.10");
        cell.configure(lan("10.0.0.10-10.0.0.13", reservation("10.0.0.10", client(1))));
        assertThat(offer(1)).as("until then, another").isEqualTo(offered("10.0.0.11"));
        assertThat(offer(2)).as("the holder moves on").isEqualTo(offered("10.0.0.12"));
        release(2, "10.0.0.10");
        expire();
        assertThat(at("10.0.0.10").state()).isEqualTo(BindingState.RESERVED);
        assertThat(offer(1)).isEqualTo(offered("10.0.0.10"));
    }

    @Test
    void takesOnlyAConfigurationThatIsBasedOnTheOneInForceAndNewer() {
        LeaseCommand stale =
                new LeaseCommand.ApplyConfig(Cells.config(2, lan("10.0.0.10-10.0.0.11")), 0, "operator", Octets.EMPTY);
        assertThat(cell.run(stale)).isEqualTo(new Outcome.Superseded(1));
        LeaseCommand again =
                new LeaseCommand.ApplyConfig(Cells.config(1, lan("10.0.0.10-10.0.0.11")), 1, "operator", Octets.EMPTY);
        assertThat(cell.run(again)).isEqualTo(new Outcome.Superseded(1));
        assertThat(cell.table.config().orElseThrow().version()).isEqualTo(1);
        LeaseCommand catchingUp =
                new LeaseCommand.ApplyConfig(Cells.config(4, lan("10.0.0.10-10.0.0.11")), 1, "operator", Octets.EMPTY);
        assertThat(cell.run(catchingUp)).isEqualTo(new Outcome.Done(0));
        assertThat(cell.table.config().orElseThrow().version()).isEqualTo(4);
    }

    @Test
    void remembersTheLastFiftyConfigurations() {
        for (int i = 0; i < 60; i++) {
            cell.configure(lan("10.0.0.10-10.0.0.13"));
        }
        assertThat(cell.table.history()).hasSize(50);
        assertThat(cell.table.history().getFirst().version()).isEqualTo(12);
        assertThat(cell.table.history().getLast().version()).isEqualTo(61);
    }

    @Test
    void appliesABatchOnceHoweverOftenItComes() {
        Batch batch = new Batch(
                DC2,
                77,
                List.of(
                        new LeaseCommand.OfferAddress(client(1), "lan", null, null),
                        new LeaseCommand.CommitLease(
                                client(1), "lan", Ipv4.parse("10.0.0.10"), RequestKind.SELECTING, null)));
        Entry entry = new Entry(cell.now, List.of(batch, batch));
        Applied applied = cell.table.apply(new LogIndex(index() + 1), entry);
        Outcome bound = applied.batches().get(0).outcomes().get(1);
        assertThat(applied.batches().get(1).outcomes())
                .containsExactly(new Outcome.Offered(Ipv4.parse("10.0.0.10"), HOUR, true), bound);
        Binding before = at("10.0.0.10");
        cell.table.apply(new LogIndex(index() + 1), new Entry(cell.now.plusSeconds(60), List.of(batch)));
        assertThat(at("10.0.0.10")).isEqualTo(before);
    }

    @Test
    void refusesEntriesOutOfOrder() {
        assertThatThrownBy(() -> cell.table.apply(new LogIndex(index()), new Entry(cell.now, List.of())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("AppliedInOrder");
    }

    @Test
    void neverMovesTheCellsTimeBack() {
        cell.pass(HOUR);
        expire();
        cell.pass(HOUR.negated());
        expire();
        assertThat(cell.table.time()).isEqualTo(Cells.START.plus(HOUR));
    }

    @Test
    void predictsWhatItWouldOfferWithoutAddressesThatAreTaken() {
        List<Ipv4> taken = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            taken.add(cell.table
                    .wouldOffer(client(i), "lan", null, taken::contains)
                    .orElseThrow());
        }
        assertThat(taken)
                .extracting(Ipv4::toString)
                .containsExactly("10.0.0.10", "10.0.0.11", "10.0.0.12", "10.0.0.13");
        assertThat(cell.table.wouldOffer(client(9), "lan", null, taken::contains))
                .isEmpty();
        assertThat(cell.table.wouldOffer(client(9), "nowhere", null, _ -> false))
                .isEmpty();
    }

    @Test
    void restoresBindingsWithoutTakingAnAddressFromAnybody() {
        bind(1, "10.0.0.10");
        cell.pass(Duration.ofMinutes(1));
        Binding lease = at("10.0.0.10");
        Binding foreign = other(lease, "10.0.0.10", 2);
        Binding welcome = other(lease, "10.0.0.12", 2);
        assertThat(cell.run(new LeaseCommand.RestoreBindings(List.of(foreign, welcome))))
                .isEqualTo(new Outcome.Done(1));
        assertThat(at("10.0.0.10")).isEqualTo(lease);
        assertThat(at("10.0.0.12").isOf(client(2).id())).isTrue();
        assertThat(at("10.0.0.12").index()).isEqualTo(new LogIndex(index()));
    }

    private static Binding other(Binding like, String address, int client) {
        return Binding.neverUsed(Ipv4.parse(address), 0)
                .bind(new LogIndex(3), client(client), like.start(), like.end(), DC1.server(), 0);
    }
}
