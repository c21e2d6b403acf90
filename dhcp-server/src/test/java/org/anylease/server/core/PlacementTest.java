package org.anylease.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.anylease.server.event.ServerEvent;
import org.anylease.server.port.Arrival;
import org.anylease.server.wire.BootpOp;
import org.anylease.server.wire.HardwareAddress;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.config.NetworkPolicy;
import org.anylease.store.config.NetworkPolicy.Identity;
import org.junit.jupiter.api.Test;

/** From which network a packet comes, and from whom; and which packets come from nowhere. */
final class PlacementTest {
    private static final Ipv4 UNKNOWN = Ipv4.parse("172.16.0.1");

    private final Rig rig = Rig.standard();

    private void hears(Packet packet, Arrival arrival, ServerEvent expected) {
        rig.receive(packet, arrival);
        assertThat(rig.count(expected)).as(expected.id()).isEqualTo(1);
    }

    @Test
    void theRelaysLinkSelectionPrevails() {
        Packet offer = rig.ask(
                Packets.discover(1)
                        .via(Configs.OFFICE_RELAY)
                        .option(118, (byte) 10, (byte) 0, (byte) 0, (byte) 0)
                        .relayInformation(5, 4, 10, 9, 0, 0)
                        .build(),
                Packets.fromRelay(Configs.OFFICE_RELAY));
        assertThat(offer.yiaddr()).isEqualTo(Ipv4.parse("10.9.0.10"));
        assertThat(rig.count(ServerEvent.SELECTED_BY_LINK_SELECTION)).isEqualTo(1);
    }

    @Test
    void fallsBackToNothingWhenWhatPrevailsIsUnknown() {
        hears(
                Packets.discover(1)
                        .via(Configs.OFFICE_RELAY)
                        .relayInformation(5, 4, 172, 16, 0, 0)
                        .build(),
                Packets.fromRelay(Configs.OFFICE_RELAY),
                ServerEvent.UNKNOWN_LINK_SELECTION);
        hears(
                Packets.discover(1)
                        .via(Configs.OFFICE_RELAY)
                        .option(118, (byte) 172, (byte) 16, (byte) 0, (byte) 0)
                        .build(),
                Packets.fromRelay(Configs.OFFICE_RELAY),
                ServerEvent.UNKNOWN_SUBNET_OPTION);
        hears(Packets.discover(1).via(UNKNOWN).build(), Packets.fromRelay(UNKNOWN), ServerEvent.UNKNOWN_GIADDR);
        hears(Packets.request(1).ciaddr(UNKNOWN).build(), Packets.unicast(UNKNOWN), ServerEvent.UNKNOWN_CIADDR);
        hears(Packets.discover(1).build(), Packets.onUnknownLink(), ServerEvent.UNKNOWN_INTERFACE);
        assertThat(rig.proposals).isEmpty();
        assertThat(rig.sent).isEmpty();
    }

    @Test
    void theLinkDecidesForABroadcastWhateverItsCiaddr() {
        rig.receive(Packets.request(1).ciaddr(Ipv4.parse("10.1.0.10")).build(), Packets.onLink());
        assertThat(rig.count(ServerEvent.SELECTED_BY_INTERFACE)).isEqualTo(1);
        assertThat(rig.reply().packet().messageType()).contains(MessageType.NAK);
    }

    @Test
    void dropsWhatItDoesNotServe() {
        Arrival relay = Packets.fromRelay(Configs.OFFICE_RELAY);
        hears(
                Packets.discover(1).via(Configs.OFFICE_RELAY).build().toBuilder()
                        .op(BootpOp.REPLY)
                        .build(),
                relay,
                ServerEvent.PACKET_IGNORED_REPLY);
        hears(
                Packet.builder()
                        .hardware(Packets.hardware(1))
                        .giaddr(Configs.OFFICE_RELAY)
                        .build(),
                relay,
                ServerEvent.PACKET_BOOTP);
        hears(
                Packets.of(MessageType.LEASEQUERY, 1).via(Configs.OFFICE_RELAY).build(),
                relay,
                ServerEvent.PACKET_UNSERVED_TYPE);
        hears(
                Packets.discover(1)
                        .via(Configs.OFFICE_RELAY)
                        .hardware(HardwareAddress.NONE)
                        .build(),
                relay,
                ServerEvent.PACKET_NO_IDENTITY);
        hears(
                Packets.discover(1)
                        .via(Configs.OFFICE_RELAY)
                        .option(61, new byte[256])
                        .build(),
                relay,
                ServerEvent.PACKET_IDENTITY_TOO_LONG);
        assertThat(rig.proposals).isEmpty();
    }

    @Test
    void answersNoGroup() {
        Packet packet = Packets.discover(1)
                .via(Ipv4.parse("224.0.0.1"))
                .relayInformation(5, 4, 10, 0, 0, 0)
                .build();
        hears(packet, Packets.fromRelay(Configs.OFFICE_RELAY), ServerEvent.PACKET_BAD_ADDRESS);
    }

    @Test
    void aClientIdentifierMakesTwoClientsOfOneHardwareAddress() {
        assertThat(twoBootStages(Rig.standard())).isFalse();
    }

    @Test
    void aClientIdentifierWithoutMoreThanATypeIdentifiesNobody() {
        Arrival relay = Packets.fromRelay(Configs.OFFICE_RELAY);
        Packet first = rig.ask(
                Packets.discover(1)
                        .via(Configs.OFFICE_RELAY)
                        .option(61, (byte) 1)
                        .build(),
                relay);
        Packet second = rig.ask(
                Packets.discover(2)
                        .via(Configs.OFFICE_RELAY)
                        .option(61, (byte) 1)
                        .build(),
                relay);
        assertThat(first.yiaddr()).isNotEqualTo(second.yiaddr());
        assertThat(first.options().bytes(61)).as("RFC 6842 §3").hasValue(new byte[] {1});
    }

    @Test
    void theHardwarePolicyMakesOneClientOfTwoIdentifiers() {
        NetworkPolicy policy = Configs.policy();
        Rig byHardware = Rig.of(
                Configs.of(new NetworkPolicy(true, Identity.HARDWARE, true, policy.probeTimeout(), policy.unprobed())));
        assertThat(twoBootStages(byHardware)).isTrue();
    }

    /** Whether one machine is offered one address under two client identifiers. */
    private static boolean twoBootStages(Rig rig) {
        Arrival relay = Packets.fromRelay(Configs.OFFICE_RELAY);
        Packet first = rig.ask(
                Packets.discover(1)
                        .via(Configs.OFFICE_RELAY)
                        .option(61, (byte) 0, (byte) 1)
                        .build(),
                relay);
        Packet second = rig.ask(
                Packets.discover(1)
                        .via(Configs.OFFICE_RELAY)
                        .option(61, (byte) 0, (byte) 2)
                        .build(),
                relay);
        return first.yiaddr().equals(second.yiaddr());
    }
}
