package org.anylease.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.anylease.server.event.ServerEvent;
import org.anylease.server.wire.MessageType;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.LeaseCommand.OfferAddress;
import org.anylease.store.command.Outcome;
import org.anylease.store.lease.BindingState;
import org.anylease.store.replication.Proposal;
import org.anylease.store.replication.QuorumState;
import org.junit.jupiter.api.Test;

/** Nothing is kept without bound, and what is let go does no harm. */
final class BoundsTest {
    private static Rig rig(int exchangesMax) {
        SharedCell cell = new SharedCell();
        cell.configure(Configs.standard(), Rig.START);
        return new Rig("a", cell, exchangesMax);
    }

    private static void discover(Rig rig, int client) {
        rig.receive(
                Packets.discover(client).via(Configs.OFFICE_RELAY).build(), Packets.fromRelay(Configs.OFFICE_RELAY));
    }

    @Test
    void forgetsTheOldestExchangeWhenThereAreTooMany() {
        Rig rig = rig(2);
        discover(rig, 1);
        discover(rig, 2);
        discover(rig, 3);
        assertThat(rig.count(ServerEvent.EXCHANGE_EVICTED)).isEqualTo(1);
        rig.run();
        assertThat(rig.sent.stream().map(sent -> sent.packet().hardware()))
                .containsExactlyInAnyOrder(Packets.hardware(2), Packets.hardware(3));
    }

    @Test
    void answersAClientWhoseExchangeWasForgottenWhenItAsksAgain() {
        Rig rig = rig(1);
        discover(rig, 1);
        discover(rig, 2);
        rig.run();
        rig.sent.clear();
        discover(rig, 1);
        rig.run();
        assertThat(rig.reply().packet().messageType()).contains(MessageType.OFFER);
    }

    @Test
    void endsAnExchangeThatNobodyAnswers() {
        Rig rig = rig(10);
        discover(rig, 1);
        rig.wake(ExchangeBook.LIFE_MAX.minusSeconds(1));
        assertThat(rig.count(ServerEvent.EXCHANGE_TIMED_OUT)).isZero();
        rig.wake(Duration.ofSeconds(1));
        assertThat(rig.count(ServerEvent.EXCHANGE_TIMED_OUT)).isEqualTo(1);
        rig.run();
        assertThat(rig.sent).as("too late to be of use").isEmpty();
    }

    @Test
    void looksForWhatIsDueEverySecondAndOnlyAsLeader() {
        Rig rig = rig(10);
        discover(rig, 1);
        rig.run();
        var offer = rig.reply().packet();
        rig.ask(
                Packets.selecting(1, offer.yiaddr()).via(Configs.OFFICE_RELAY).build(),
                Packets.fromRelay(Configs.OFFICE_RELAY));
        rig.leader = new ServerId("b");
        rig.wake(Duration.ofHours(2));
        assertThat(rig.proposals).isEmpty();
        rig.leader = rig.self;
        rig.wake(Expiring.PERIOD);
        assertThat(rig.proposals).hasSize(1);
        rig.wake(Expiring.PERIOD);
        assertThat(rig.proposals).as("one at a time").hasSize(1);
        rig.settle(new Proposal.Unknown());
        rig.wake(Expiring.PERIOD);
        rig.commit();
        assertThat(rig.table().binding(offer.yiaddr()).orElseThrow().state()).isNotEqualTo(BindingState.ACTIVE);
    }

    @Test
    void looksAgainAtOnceWhileMoreIsDue() {
        Rig rig = rig(10);
        rig.cell.commit(rig.self, new OfferAddress(Identities.leaseClient(1), "office", null, null), rig.now());
        rig.wake(Configs.OFFER_HOLD.plusMinutes(1));
        LogIndex somewhere = new LogIndex(9);
        rig.settle(new Proposal.Committed(somewhere, new Outcome.Done(Expiring.BINDINGS_MAX)));
        assertThat(rig.proposals)
                .as("as much as one entry moves, and this copy shows more")
                .hasSize(1);
        rig.settle(new Proposal.Committed(somewhere, new Outcome.Done(Expiring.BINDINGS_MAX - 1)));
        assertThat(rig.proposals).isEmpty();
    }

    @Test
    void saysOnceThatTheQuorumIsLostAndFound() {
        Rig rig = rig(10);
        for (boolean reachable : new boolean[] {true, false, false, true}) {
            rig.hear(new Input.QuorumChanged(Configs.CELL, new QuorumState(rig.self, reachable, rig.now())));
        }
        assertThat(rig.count(ServerEvent.QUORUM_LOST)).isEqualTo(1);
        assertThat(rig.count(ServerEvent.QUORUM_FOUND)).isEqualTo(2);
    }

    @Test
    void takesAConfigurationIntoForceWhenItHearsOfIt() {
        Rig rig = new Rig("a", new SharedCell(), 10);
        discover(rig, 1);
        assertThat(rig.count(ServerEvent.UNKNOWN_GIADDR)).isEqualTo(1);
        rig.cell.configure(Configs.standard(), rig.now());
        rig.hear(new Input.CellChanged(Configs.CELL));
        discover(rig, 1);
        rig.run();
        assertThat(rig.reply().packet().messageType()).contains(MessageType.OFFER);
        assertThat(rig.count(ServerEvent.PLAN_CHANGED)).isEqualTo(1);
    }
}
