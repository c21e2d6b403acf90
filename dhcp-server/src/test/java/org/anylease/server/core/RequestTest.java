package org.anylease.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.anylease.server.event.ServerEvent;
import org.anylease.server.port.Destination;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.command.LeaseCommand.CancelOffer;
import org.anylease.store.config.NetworkPolicy;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.replication.Proposal;
import org.junit.jupiter.api.Test;

/** REQUEST in all its kinds (RFC 2131 §4.3.2). */
final class RequestTest {
    private static final Ipv4 ELSEWHERE = Ipv4.parse("203.0.113.5");

    private final Rig rig = Rig.standard();

    private Packet relayed(Packets packet) {
        return rig.ask(packet.via(Configs.OFFICE_RELAY).build(), Packets.fromRelay(Configs.OFFICE_RELAY));
    }

    private void receive(Packets packet) {
        rig.receive(packet.via(Configs.OFFICE_RELAY).build(), Packets.fromRelay(Configs.OFFICE_RELAY));
    }

    private Ipv4 offer(int client) {
        return relayed(Packets.discover(client)).yiaddr();
    }

    private Ipv4 bind(int client) {
        return relayed(Packets.selecting(client, offer(client))).yiaddr();
    }

    @Test
    void acknowledgesAnOfferThatTheClientTakes() {
        Ipv4 offered = offer(1);
        Packet ack = relayed(Packets.selecting(1, offered));
        assertThat(ack.messageType()).contains(MessageType.ACK);
        assertThat(ack.yiaddr()).isEqualTo(offered);
        assertThat(ack.options().u32(OptionCode.ADDRESS_TIME)).hasValue(3600);
        assertThat(ack.options().u32(OptionCode.RENEWAL_TIME)).hasValue(1800);
        assertThat(ack.options().u32(OptionCode.REBINDING_TIME)).hasValue(3150);
        assertThat(rig.table().binding(offered).orElseThrow().state()).isEqualTo(BindingState.ACTIVE);
    }

    @Test
    void acknowledgesOnlyOnceTheLeaseIsCommitted() {
        Ipv4 offered = offer(1);
        receive(Packets.selecting(1, offered));
        assertThat(rig.sent).isEmpty();
        rig.commit();
        assertThat(rig.reply().packet().messageType()).contains(MessageType.ACK);
    }

    @Test
    void honoursAtOneSiteWhatAnotherOffered() {
        SharedCell cell = rig.cell;
        Rig elsewhere = new Rig("b", cell, ExchangeBook.EXCHANGES_MAX);
        Ipv4 offered = offer(1);
        Packet request = Packets.selecting(1, offered).via(Configs.OFFICE_RELAY).build();
        Packet ack = elsewhere.ask(request, Packets.fromRelay(Configs.OFFICE_RELAY));
        assertThat(ack.messageType()).contains(MessageType.ACK);
        assertThat(ack.yiaddr()).isEqualTo(offered);
        assertThat(ack.options().ipv4(OptionCode.SERVER_ID)).contains(Configs.SERVICE);
    }

    @Test
    void repeatsTheSameOfferAtAnotherSite() {
        Rig elsewhere = new Rig("b", rig.cell, ExchangeBook.EXCHANGES_MAX);
        Ipv4 offered = offer(1);
        Packet again = elsewhere.ask(
                Packets.discover(1).via(Configs.OFFICE_RELAY).build(), Packets.fromRelay(Configs.OFFICE_RELAY));
        assertThat(again.yiaddr()).isEqualTo(offered);
    }

    @Test
    void answersToAnyMembersOwnAddressToAnAliasAndToTheRelaysOverride() {
        Ipv4 address = offer(1);
        for (Ipv4 identifier : new Ipv4[] {Configs.MEMBER_B, Configs.ALIAS}) {
            Packet ack = relayed(Packets.request(1).server(identifier).wanting(address));
            assertThat(ack.messageType()).contains(MessageType.ACK);
        }
        Packet ack = relayed(
                Packets.request(1).server(Configs.OFFICE_RELAY).wanting(address).relayInformation(11, 4, 10, 0, 0, 1));
        assertThat(ack.messageType()).contains(MessageType.ACK);
        assertThat(ack.options().ipv4(OptionCode.SERVER_ID)).contains(Configs.OFFICE_RELAY);
    }

    @Test
    void takesNoServerForItselfThatAnOverrideLeavesOpen() {
        Ipv4 address = offer(1);
        receive(Packets.request(1).server(Ipv4.UNSPECIFIED).wanting(address).relayInformation(11, 4, 0, 0, 0, 0));
        assertThat(rig.count(ServerEvent.REQUEST_OTHER_SERVER)).isEqualTo(1);
        assertThat(rig.sent).isEmpty();
    }

    @Test
    void keepsSilentAndForgetsTheOfferWhenAnotherServerIsChosen() {
        Ipv4 offered = offer(1);
        receive(Packets.request(1).server(ELSEWHERE).wanting(offered));
        assertThat(rig.proposals.getFirst().command()).isInstanceOf(CancelOffer.class);
        rig.run();
        assertThat(rig.sent).isEmpty();
        assertThat(rig.table().binding(offered).orElseThrow().offer()).isNull();
    }

    @Test
    void writesNothingForAnotherServersClientThatWasOfferedNothing() {
        receive(Packets.request(1).server(ELSEWHERE).wanting(Ipv4.parse("10.0.0.10")));
        assertThat(rig.proposals).isEmpty();
        assertThat(rig.count(ServerEvent.REQUEST_OTHER_SERVER)).isEqualTo(1);
    }

    @Test
    void refusesAnAddressOfAnotherNetworkWithoutAskingTheCell() {
        receive(Packets.request(1).wanting(Ipv4.parse("10.1.0.10")).broadcast());
        assertThat(rig.proposals).isEmpty();
        Packet nak = rig.reply().packet();
        assertThat(nak.messageType()).contains(MessageType.NAK);
        assertThat(nak.broadcast()).isTrue();
        assertThat(nak.yiaddr().isUnspecified()).isTrue();
        assertThat(nak.siaddr().isUnspecified()).isTrue();
        assertThat(nak.options().has(OptionCode.ADDRESS_TIME)).isFalse();
        assertThat(nak.options().string(OptionCode.MESSAGE)).isPresent();
    }

    @Test
    void setsTheBroadcastBitOfANakThroughARelay() {
        receive(Packets.request(1).wanting(Ipv4.parse("192.168.7.7")));
        Rig.Sent nak = rig.reply();
        assertThat(nak.packet().broadcast()).isTrue();
        assertThat(nak.to()).isEqualTo(new Destination.UdpTo(Configs.OFFICE_RELAY, 67));
    }

    @Test
    void keepsSilentAboutOtherNetworksWhereItIsNotAuthoritative() {
        NetworkPolicy policy = Configs.policy();
        Rig modest = Rig.of(Configs.of(
                new NetworkPolicy(false, policy.identity(), true, policy.probeTimeout(), policy.unprobed())));
        modest.receive(
                Packets.request(1)
                        .wanting(Ipv4.parse("10.1.0.10"))
                        .via(Configs.OFFICE_RELAY)
                        .build(),
                Packets.fromRelay(Configs.OFFICE_RELAY));
        assertThat(modest.sent).isEmpty();
        assertThat(modest.count(ServerEvent.REQUEST_WRONG_NETWORK_SILENT)).isEqualTo(1);
    }

    @Test
    void acknowledgesAnAddressOfAnySubnetOnTheSameLink() {
        Packet discover = Packets.discover(1)
                .via(Configs.LAB_RELAY)
                .wanting(Ipv4.parse("10.2.0.50"))
                .build();
        Ipv4 offered = rig.ask(discover, Packets.fromRelay(Configs.LAB_RELAY)).yiaddr();
        assertThat(offered).isEqualTo(Ipv4.parse("10.2.0.50"));
        Packet ack = rig.ask(
                Packets.selecting(1, offered).via(Configs.LAB_RELAY).build(), Packets.fromRelay(Configs.LAB_RELAY));
        assertThat(ack.messageType()).contains(MessageType.ACK);
    }

    @Test
    void verifiesAnAddressThatARebootedClientRemembers() {
        Ipv4 held = bind(1);
        Packet ack = relayed(Packets.request(1).wanting(held));
        assertThat(ack.messageType()).contains(MessageType.ACK);
        assertThat(rig.count(ServerEvent.REQUEST_INIT_REBOOT)).isEqualTo(1);
    }

    @Test
    void keepsSilentForARebootedClientThatTheCellDoesNotKnow() {
        receive(Packets.request(1).wanting(Ipv4.parse("10.0.0.12")));
        rig.run();
        assertThat(rig.sent).isEmpty();
        assertThat(rig.count(ServerEvent.REQUEST_NOT_KNOWN)).isEqualTo(1);
    }

    @Test
    void refusesARebootedClientAnAddressThatIsNotItsOwn() {
        Ipv4 others = bind(1);
        bind(2);
        Packet nak = relayed(Packets.request(2).wanting(others));
        assertThat(nak.messageType()).contains(MessageType.NAK);
    }

    @Test
    void refusesAnOfferThatWentToSomebodyElse() {
        Ipv4 address = bind(1);
        Packet nak = relayed(Packets.selecting(2, address));
        assertThat(nak.messageType()).contains(MessageType.NAK);
        assertThat(rig.count(ServerEvent.REQUEST_NAK_TAKEN)).isEqualTo(1);
    }

    @Test
    void renewsByUnicastAndKeepsTheRelaysWordsOfTheFirstTime() {
        Ipv4 offered = offer(1);
        relayed(Packets.selecting(1, offered).relayInformation(1, 2, 0xca, 0xfe));
        rig.sleep(Duration.ofMinutes(30));
        rig.receive(Packets.request(1).ciaddr(offered).build(), Packets.unicast(offered));
        rig.run();
        Rig.Sent sent = rig.reply();
        assertThat(sent.to()).isEqualTo(new Destination.UdpTo(offered, 68));
        assertThat(sent.packet().ciaddr()).isEqualTo(offered);
        assertThat(sent.packet().yiaddr()).isEqualTo(offered);
        assertThat(rig.count(ServerEvent.REQUEST_RENEWING)).isEqualTo(1);
        Binding binding = rig.table().binding(offered).orElseThrow();
        assertThat(binding.client()).isNotNull();
        assertThat(binding.client().relayInformation()).hasToString("01:02:ca:fe");
        assertThat(binding.client().relay()).isEqualTo(Configs.OFFICE_RELAY);
        assertThat(binding.end()).isEqualTo(rig.now().plus(Duration.ofHours(1)));
    }

    @Test
    void rebindsByBroadcastOnTheLinkAndThroughARelay() {
        Ipv4 held = bind(1);
        relayed(Packets.request(1).ciaddr(held));
        rig.receive(Packets.request(1).ciaddr(held).build(), Packets.onLink());
        rig.run();
        assertThat(rig.reply().packet().messageType()).contains(MessageType.ACK);
        assertThat(rig.count(ServerEvent.REQUEST_REBINDING)).isEqualTo(2);
    }

    @Test
    void refusesAClientThatRebindsOnAnotherNetwork() {
        Ipv4 held = bind(1);
        rig.receive(
                Packets.request(1).ciaddr(held).via(Configs.LAB_RELAY).build(), Packets.fromRelay(Configs.LAB_RELAY));
        assertThat(rig.reply().packet().messageType()).contains(MessageType.NAK);
    }

    @Test
    void keepsSilentWhenARequestNamesNoAddress() {
        receive(Packets.request(1).server(Configs.SERVICE));
        receive(Packets.request(2));
        assertThat(rig.sent).isEmpty();
        assertThat(rig.count(ServerEvent.REQUEST_WITHOUT_ADDRESS)).isEqualTo(2);
    }

    @Test
    void passesOnTheLeaseTimeAskedFor() {
        Ipv4 offered = relayed(Packets.discover(1).option(51, (byte) 0, (byte) 0, (byte) 0x02, (byte) 0x58))
                .yiaddr();
        Packet ack = relayed(Packets.selecting(1, offered).option(51, (byte) 0, (byte) 0, (byte) 0x02, (byte) 0x58));
        assertThat(ack.options().u32(OptionCode.ADDRESS_TIME)).hasValue(600);
    }

    @Test
    void joinsARepeatWhileTheFirstIsPending() {
        Ipv4 offered = offer(1);
        receive(Packets.selecting(1, offered));
        receive(Packets.selecting(1, offered).xid(99));
        assertThat(rig.proposals).hasSize(1);
        rig.run();
        assertThat(rig.reply().packet().xid()).isEqualTo(99);
    }

    @Test
    void answersARepeatAfterwardsAlike() {
        Ipv4 held = bind(1);
        Packet again = relayed(Packets.selecting(1, held));
        assertThat(again.messageType()).contains(MessageType.ACK);
        assertThat(again.yiaddr()).isEqualTo(held);
    }

    @Test
    void keepsSilentWhenTheLeaseDoesNotCommit() {
        Ipv4 offered = offer(1);
        receive(Packets.selecting(1, offered));
        rig.settle(new Proposal.Unknown());
        assertThat(rig.sent).isEmpty();
        assertThat(rig.count(ServerEvent.REQUEST_UNCOMMITTED)).isEqualTo(1);
    }

    @Test
    void countsAClientThatAlternatesBetweenSitesOnce() {
        Rig elsewhere = new Rig("b", rig.cell, ExchangeBook.EXCHANGES_MAX);
        Ipv4 held = bind(1);
        for (int i = 0; i < 3; i++) {
            elsewhere.receive(Packets.request(1).ciaddr(held).build(), Packets.unicast(held));
            elsewhere.run();
            rig.receive(Packets.request(1).ciaddr(held).build(), Packets.unicast(held));
            rig.run();
        }
        assertThat(rig.count(ServerEvent.CLIENT_ALTERNATES) + elsewhere.count(ServerEvent.CLIENT_ALTERNATES))
                .isEqualTo(1);
    }
}
