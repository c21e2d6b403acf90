package org.anylease.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.anylease.server.event.ServerEvent;
import org.anylease.server.port.ProbeResult;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.command.LeaseCommand.CancelOffer;
import org.anylease.store.command.LeaseCommand.OfferAddress;
import org.anylease.store.config.NetworkPolicy;
import org.anylease.store.config.NetworkPolicy.Unprobed;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.ClientId;
import org.anylease.store.replication.Proposal;
import org.junit.jupiter.api.Test;

/** DISCOVER: what is offered, and when (RFC 2131 §4.3.1). */
final class DiscoverTest {
    private static final Ipv4 OTHER_OFFICE_RELAY = Ipv4.parse("10.0.0.3");

    private final Rig rig = Rig.standard();

    private void discover(int client) {
        rig.receive(discoverOf(client), Packets.fromRelay(Configs.OFFICE_RELAY));
    }

    private static Packet discoverOf(int client) {
        return Packets.discover(client).via(Configs.OFFICE_RELAY).build();
    }

    private Ipv4 bind(int client) {
        Packet offer = rig.ask(discoverOf(client), Packets.fromRelay(Configs.OFFICE_RELAY));
        Packet request = Packets.selecting(client, offer.yiaddr())
                .via(Configs.OFFICE_RELAY)
                .build();
        return rig.ask(request, Packets.fromRelay(Configs.OFFICE_RELAY)).yiaddr();
    }

    @Test
    void offersOnlyOnceTheProbeIsSilentAndTheOfferIsCommitted() {
        discover(1);
        assertThat(rig.probes).hasSize(1);
        assertThat(rig.proposals).hasSize(1);
        rig.silent();
        assertThat(rig.sent).isEmpty();
        rig.commit();
        assertThat(rig.reply().packet().messageType()).contains(MessageType.OFFER);
    }

    @Test
    void offersWhenTheCommitComesBeforeTheProbe() {
        discover(1);
        rig.commit();
        assertThat(rig.sent).isEmpty();
        rig.silent();
        assertThat(rig.reply().packet().yiaddr())
                .isEqualTo(rig.table().bindingsOf(client(1)).getFirst().address());
    }

    private static ClientId client(int client) {
        return Identities.hardware(client);
    }

    @Test
    void probesTheAddressItProposes() {
        discover(1);
        OfferAddress proposed = (OfferAddress) rig.proposals.getFirst().command();
        assertThat(rig.probes.getFirst().address()).isEqualTo(proposed.wanted());
        assertThat(rig.probes.getFirst().timeout()).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void triesTheNextAddressInTheSameExchangeWhenAStrangerAnswers() {
        discover(1);
        Ipv4 first = rig.probes.getFirst().address();
        rig.commit();
        rig.answered();
        assertThat(rig.sent).isEmpty();
        rig.commit();
        Ipv4 second = rig.probes.getFirst().address();
        assertThat(second).isNotEqualTo(first);
        rig.run();
        assertThat(rig.reply().packet().yiaddr()).isEqualTo(second);
        assertThat(rig.table().binding(first).orElseThrow().state()).isEqualTo(BindingState.ABANDONED);
        assertThat(rig.count(ServerEvent.PROBE_ANSWERED)).isEqualTo(1);
    }

    @Test
    void ignoresTheCommitOfAnAddressThatAStrangerHasAnsweredFor() {
        discover(1);
        Ipv4 first = rig.probes.getFirst().address();
        rig.answered();
        assertThat(rig.proposals).hasSize(2);
        assertThat(rig.probes.getFirst().address()).isNotEqualTo(first);
        rig.silent();
        rig.commit();
        assertThat(rig.sent).isEmpty();
        rig.commit();
        assertThat(rig.reply().packet().yiaddr()).isNotEqualTo(first);
    }

    @Test
    void givesUpAfterEightStrangersInARowButAbandonsThemAll() {
        discover(1);
        for (int i = 0; i < OfferExchange.ROUNDS_MAX; i++) {
            rig.commit();
            rig.answered();
        }
        assertThat(rig.probes).isEmpty();
        rig.run();
        assertThat(rig.sent).isEmpty();
        assertThat(rig.count(ServerEvent.DISCOVER_PROBES_EXHAUSTED)).isEqualTo(1);
        assertThat(rig.table().binding(Ipv4.parse("10.0.0.17")).orElseThrow().state())
                .isEqualTo(BindingState.ABANDONED);
    }

    @Test
    void probesTheOtherAddressWhenTheCellOffersAnother() {
        discover(1);
        Ipv4 predicted = rig.probes.getFirst().address();
        rig.cell.commit(rig.self, new OfferAddress(Identities.leaseClient(9), "office", predicted, null), rig.now());
        rig.commit();
        Ipv4 offered = rig.probes.getLast().address();
        assertThat(offered).isNotEqualTo(predicted);
        rig.silent();
        assertThat(rig.sent)
                .as("the first probe says nothing of the other address")
                .isEmpty();
        rig.silent();
        assertThat(rig.reply().packet().yiaddr()).isEqualTo(offered);
    }

    @Test
    void offersWhatTheClientHoldsWithoutWriteOrProbe() {
        Ipv4 held = bind(1);
        discover(1);
        assertThat(rig.proposals).isEmpty();
        assertThat(rig.probes).isEmpty();
        assertThat(rig.reply().packet().yiaddr()).isEqualTo(held);
    }

    @Test
    void neverProbesAnAddressThatTurnsOutToBeTheClientsOwn() {
        rig.lag(true);
        SharedCell cell = rig.cell;
        cell.commit(rig.self, new OfferAddress(Identities.leaseClient(1), "office", null, null), rig.now());
        Ipv4 held = cell.leader().bindingsOf(Identities.hardware(1)).getFirst().address();
        cell.commit(rig.self, Identities.selecting(1, held), rig.now());
        discover(1);
        rig.commit();
        assertThat(rig.reply().packet().yiaddr()).isEqualTo(held);
    }

    @Test
    void predictsDifferentAddressesForClientsThatAskAtOnce() {
        discover(1);
        discover(2);
        discover(3);
        assertThat(rig.probes.stream().map(Effect.StartProbe::address)).doesNotHaveDuplicates();
        rig.run();
        assertThat(rig.sent.stream().map(sent -> sent.packet().yiaddr()))
                .hasSize(3)
                .doesNotHaveDuplicates();
    }

    @Test
    void answersARepeatOverTwoRelaysOnceEachWithOneOfferAndOneProbe() {
        discover(1);
        rig.receive(Packets.discover(1).xid(77).via(OTHER_OFFICE_RELAY).build(), Packets.fromRelay(OTHER_OFFICE_RELAY));
        assertThat(rig.probes).hasSize(1);
        assertThat(rig.proposals).hasSize(1);
        rig.run();
        assertThat(rig.sent).hasSize(2);
        assertThat(rig.sent.stream().map(sent -> sent.packet().yiaddr()).distinct())
                .hasSize(1);
        assertThat(rig.sent.get(1).packet().xid()).isEqualTo(77);
        assertThat(rig.sent.get(1).packet().giaddr()).isEqualTo(OTHER_OFFICE_RELAY);
    }

    @Test
    void answersTheLatestXidOfARoute() {
        discover(1);
        rig.receive(
                Packets.discover(1).xid(78).via(Configs.OFFICE_RELAY).build(), Packets.fromRelay(Configs.OFFICE_RELAY));
        rig.run();
        assertThat(rig.reply().packet().xid()).isEqualTo(78);
    }

    @Test
    void answersFourRoutesAtMost() {
        for (int relay = 1; relay <= 6; relay++) {
            Ipv4 giaddr = new Ipv4(Ipv4.parse("10.0.0.0").bits() + relay);
            rig.receive(Packets.discover(1).via(giaddr).build(), Packets.fromRelay(giaddr));
        }
        rig.run();
        assertThat(rig.sent).hasSize(Exchange.ROUTES_MAX);
        assertThat(rig.count(ServerEvent.EXCHANGE_ROUTES_EXCEEDED)).isEqualTo(2);
    }

    @Test
    void repeatsAFreshOfferWithoutWriteOrProbe() {
        Packet first = rig.ask(discoverOf(1), Packets.fromRelay(Configs.OFFICE_RELAY));
        rig.sleep(Duration.ofSeconds(4));
        discover(1);
        assertThat(rig.probes).isEmpty();
        assertThat(rig.proposals).isEmpty();
        assertThat(rig.reply().packet().yiaddr()).isEqualTo(first.yiaddr());
        assertThat(rig.count(ServerEvent.PROBE_SPARED)).isEqualTo(1);
    }

    @Test
    void asksTheCellAgainForAFreshOfferWhenTermsHaveChanged() {
        rig.ask(discoverOf(1), Packets.fromRelay(Configs.OFFICE_RELAY));
        rig.cell.configure(Configs.again(), rig.now());
        rig.hear(new Input.CellChanged(Configs.CELL));
        discover(1);
        assertThat(rig.probes).isEmpty();
        rig.commit();
        assertThat(rig.reply().packet().messageType()).contains(MessageType.OFFER);
    }

    @Test
    void writesAnOlderOfferAgainWithoutProbe() {
        rig.ask(discoverOf(1), Packets.fromRelay(Configs.OFFICE_RELAY));
        rig.sleep(Configs.OFFER_HOLD.dividedBy(2).plusSeconds(1));
        discover(1);
        assertThat(rig.probes).isEmpty();
        rig.commit();
        assertThat(rig.reply().packet().messageType()).contains(MessageType.OFFER);
    }

    @Test
    void probesAgainAfterTheOfferHoldHoweverOftenTheClientAsked() {
        rig.ask(discoverOf(1), Packets.fromRelay(Configs.OFFICE_RELAY));
        rig.sleep(Configs.OFFER_HOLD.minusSeconds(10));
        rig.ask(discoverOf(1), Packets.fromRelay(Configs.OFFICE_RELAY));
        rig.sleep(Duration.ofSeconds(20));
        discover(1);
        assertThat(rig.probes).hasSize(1);
    }

    @Test
    void offersUnprobedOrKeepsSilentAsThePolicySays() {
        for (ProbeResult result :
                List.of(new ProbeResult.LocalError("EPERM"), new ProbeResult.Unreachable(Configs.OFFICE_RELAY, 1))) {
            Rig offering = Rig.standard();
            offering.receive(discoverOf(1), Packets.fromRelay(Configs.OFFICE_RELAY));
            offering.probed(result);
            offering.commit();
            assertThat(offering.reply().packet().messageType()).contains(MessageType.OFFER);
            assertThat(offering.count(ServerEvent.DISCOVER_OFFERED_UNPROBED)).isEqualTo(1);

            NetworkPolicy policy = Configs.policy();
            Rig withholding = Rig.of(Configs.of(
                    new NetworkPolicy(true, policy.identity(), true, policy.probeTimeout(), Unprobed.WITHHOLD)));
            withholding.receive(discoverOf(1), Packets.fromRelay(Configs.OFFICE_RELAY));
            withholding.commit();
            withholding.probed(result);
            assertThat(withholding.sent).isEmpty();
            assertThat(withholding.count(ServerEvent.DISCOVER_WITHHELD_UNPROBED))
                    .isEqualTo(1);
        }
    }

    @Test
    void offersAsSoonAsCommittedWhereProbingIsOff() {
        NetworkPolicy policy = Configs.policy();
        Rig unprobed = Rig.of(Configs.of(
                new NetworkPolicy(true, policy.identity(), false, policy.probeTimeout(), policy.unprobed())));
        unprobed.receive(discoverOf(1), Packets.fromRelay(Configs.OFFICE_RELAY));
        assertThat(unprobed.probes).isEmpty();
        unprobed.commit();
        assertThat(unprobed.reply().packet().messageType()).contains(MessageType.OFFER);
    }

    @Test
    void probesAReservedAddressThatItsClientDoesNotHold() {
        rig.receive(Packets.discover(0x77).via(Configs.OFFICE_RELAY).build(), Packets.fromRelay(Configs.OFFICE_RELAY));
        assertThat(rig.probes.getFirst().address()).isEqualTo(Configs.RESERVED);
    }

    @Test
    void offersTheAddressAskedForWhereItIsFree() {
        Ipv4 wanted = Ipv4.parse("10.0.0.15");
        Packet offer = rig.ask(
                Packets.discover(1).via(Configs.OFFICE_RELAY).wanting(wanted).build(),
                Packets.fromRelay(Configs.OFFICE_RELAY));
        assertThat(offer.yiaddr()).isEqualTo(wanted);
    }

    @Test
    void asksTheCellOneClientAtATimeWhenNoAddressIsInSight() {
        Packet first = Packets.discover(1).via(Configs.KIOSK_RELAY).build();
        rig.ask(first, Packets.fromRelay(Configs.KIOSK_RELAY));
        rig.receive(Packets.discover(2).via(Configs.KIOSK_RELAY).build(), Packets.fromRelay(Configs.KIOSK_RELAY));
        rig.receive(Packets.discover(3).via(Configs.KIOSK_RELAY).build(), Packets.fromRelay(Configs.KIOSK_RELAY));
        assertThat(rig.proposals).hasSize(1);
        rig.run();
        assertThat(rig.sent).isEmpty();
        assertThat(rig.reports)
                .filteredOn(report -> report.event() == ServerEvent.DISCOVER_POOL_EXHAUSTED)
                .hasSize(2)
                .allMatch(report -> report.subject().equals("kiosk"));
    }

    @Test
    void findsAnAddressThatOnlyTheCellKnowsToBeFree() {
        Ipv4 only = rig.ask(
                        Packets.discover(1).via(Configs.KIOSK_RELAY).build(), Packets.fromRelay(Configs.KIOSK_RELAY))
                .yiaddr();
        rig.table();
        rig.lag(true);
        rig.cell.commit(rig.self, new CancelOffer(Identities.hardware(1)), rig.now());
        Packet offer =
                rig.ask(Packets.discover(2).via(Configs.KIOSK_RELAY).build(), Packets.fromRelay(Configs.KIOSK_RELAY));
        assertThat(offer.yiaddr()).isEqualTo(only);
    }

    @Test
    void keepsSilentWhenTheOfferDoesNotCommit() {
        discover(1);
        rig.silent();
        rig.settle(new Proposal.Unknown());
        assertThat(rig.sent).isEmpty();
        assertThat(rig.count(ServerEvent.DISCOVER_UNCOMMITTED)).isEqualTo(1);
        discover(1);
        rig.settle(new Proposal.Rejected(Proposal.Rejected.Reason.OVERLOADED));
        assertThat(rig.sent).isEmpty();
        assertThat(rig.count(ServerEvent.LOG_OVERLOADED)).isEqualTo(1);
        discover(1);
        rig.run();
        assertThat(rig.reply().packet().messageType()).contains(MessageType.OFFER);
    }
}
