package org.anylease.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.anylease.server.event.ServerEvent;
import org.anylease.server.port.Arrival;
import org.anylease.server.port.Destination;
import org.anylease.server.wire.HardwareAddress;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.config.ReplySettings;
import org.junit.jupiter.api.Test;

/** What replies carry, and where they go (RFC 2131 §4.1 and table 3). */
final class ReplyTest {
    private final Rig rig = Rig.standard();

    private Rig.Sent discover(Packets packet, Arrival arrival) {
        rig.receive(packet.build(), arrival);
        rig.run();
        return rig.reply();
    }

    private Packet relayed(Packets packet) {
        return discover(packet.via(Configs.OFFICE_RELAY), Packets.fromRelay(Configs.OFFICE_RELAY))
                .packet();
    }

    @Test
    void standsInTheOrderTheClientAsksForWithTheMaskBeforeTheRouters() {
        Packet offer = relayed(Packets.discover(1)
                .asking(42, 3, 1, 6, 99)
                .option(61, (byte) 0, (byte) 7)
                .relayInformation(1, 1, 5));
        assertThat(offer.options().codes()).containsExactly(53, 54, 51, 58, 59, 42, 1, 3, 6, 61, 82);
    }

    @Test
    void sendsTheMaskAlsoToAClientThatDoesNotAskForIt() {
        assertThat(relayed(Packets.discover(1).asking(3)).options().codes()).containsExactly(53, 54, 51, 58, 59, 1, 3);
        assertThat(relayed(Packets.discover(2).asking(42)).options().codes())
                .containsExactly(53, 54, 51, 58, 59, 42, 1);
    }

    @Test
    void sendsEverythingToAClientThatDoesNotSayWhatItWants() {
        assertThat(relayed(Packets.discover(1)).options().codes()).containsExactly(53, 54, 51, 58, 59, 1, 3, 6, 15, 42);
    }

    @Test
    void echoesOption82VerbatimAndLast() {
        int[] information = {1, 3, 9, 8, 7, 151, 1, 255, 0x7f, 0};
        Packet offer = relayed(Packets.discover(1).asking(1, 82, 3).relayInformation(information));
        byte[] echoed = offer.options().bytes(82).orElseThrow();
        assertThat(echoed).hasSameSizeAs(information);
        for (int i = 0; i < information.length; i++) {
            assertThat(echoed[i] & 255).isEqualTo(information[i]);
        }
        assertThat(offer.options().codes()).last().isEqualTo(82);
        assertThat(rig.count(ServerEvent.PACKET_VPN_IGNORED)).isEqualTo(1);
    }

    @Test
    void echoesTheClientIdentifierInANakToo() {
        Packet nak = relayed(Packets.request(1)
                .wanting(Ipv4.parse("10.1.0.1"))
                .option(61, (byte) 0, (byte) 7)
                .relayInformation(1, 1, 5));
        assertThat(nak.messageType()).contains(MessageType.NAK);
        assertThat(nak.options().codes()).containsExactly(53, 54, 56, 61, 82);
    }

    @Test
    void carriesHeaderFieldsAsTable3Says() {
        Packet offer = relayed(Packets.discover(1).xid(0xabcd).broadcast());
        assertThat(offer.xid()).isEqualTo(0xabcd);
        assertThat(offer.broadcast()).isTrue();
        assertThat(offer.giaddr()).isEqualTo(Configs.OFFICE_RELAY);
        assertThat(offer.hardware()).isEqualTo(Packets.hardware(1));
        assertThat(offer.ciaddr().isUnspecified()).isTrue();
        assertThat(offer.siaddr()).isEqualTo(Ipv4.parse("10.0.0.69"));
        assertThat(offer.serverName()).contains("tftp");
        assertThat(offer.bootFile()).contains("boot.img");
        assertThat(offer.options().ipv4(OptionCode.SERVER_ID)).contains(Configs.SERVICE);
    }

    @Test
    void bootsFromTheServersOwnSettingsWhereNoCellSaysOtherwise() {
        SharedCell cell = new SharedCell();
        cell.configure(Configs.standard(), Rig.START);
        ReplySettings boot = new ReplySettings(
                new TreeMap<>(Map.of(67, Octets.parseHex("62:6f:6f:74"))), Ipv4.parse("10.1.0.69"), "site", "site.img");
        Rig site = new Rig("a", cell, ExchangeBook.EXCHANGES_MAX, boot);

        Packet lab = site.ask(Packets.discover(1).via(Configs.LAB_RELAY).build(), Packets.fromRelay(Configs.LAB_RELAY));
        assertThat(lab.siaddr()).isEqualTo(Ipv4.parse("10.1.0.69"));
        assertThat(lab.serverName()).contains("site");
        assertThat(lab.bootFile()).contains("site.img");
        assertThat(lab.options().string(67)).contains("boot");

        Packet office = site.ask(
                Packets.discover(2).via(Configs.OFFICE_RELAY).build(), Packets.fromRelay(Configs.OFFICE_RELAY));
        assertThat(office.siaddr()).isEqualTo(Ipv4.parse("10.0.0.69"));
        assertThat(office.serverName()).contains("tftp");
        assertThat(office.bootFile()).contains("boot.img");
        assertThat(office.options().string(67)).as("as this level adds it").contains("boot");
    }

    @Test
    void tellsNamesTooLongForTheirFieldsToClientsThatDoNotAskForTheOptionsToo() {
        SharedCell cell = new SharedCell();
        cell.configure(Configs.standard(), Rig.START);
        ReplySettings boot = new ReplySettings(new TreeMap<>(), null, "s".repeat(64), "f".repeat(128));
        Rig site = new Rig("a", cell, ExchangeBook.EXCHANGES_MAX, boot);
        Packet offer = site.ask(
                Packets.discover(1).asking(67, 1).via(Configs.LAB_RELAY).build(), Packets.fromRelay(Configs.LAB_RELAY));
        assertThat(offer.options().codes()).containsExactly(53, 54, 51, 58, 59, 67, 1, 66);
        assertThat(offer.options().string(66)).contains("s".repeat(64));
        assertThat(offer.options().string(67)).contains("f".repeat(128));
        assertThat(offer.serverName()).isEmpty();
        assertThat(offer.bootFile()).isEmpty();
    }

    @Test
    void sendsWhatTheConfigurationSaysClientsAskForWhateverTheyAskFor() {
        SharedCell cell = new SharedCell();
        cell.configure(Configs.standard(), Rig.START);
        TreeMap<Integer, Octets> options = new TreeMap<>();
        options.put(OptionCode.PARAMETER_LIST, Octets.parseHex("2a:01:e0"));
        options.put(224, Octets.parseHex("ff"));
        Rig site = new Rig("a", cell, ExchangeBook.EXCHANGES_MAX, new ReplySettings(options, null, null, null));
        Packet offer = site.ask(
                Packets.discover(1).asking(3, 6).via(Configs.OFFICE_RELAY).build(),
                Packets.fromRelay(Configs.OFFICE_RELAY));
        assertThat(offer.options().codes()).containsExactly(53, 54, 51, 58, 59, 42, 1, 224);
    }

    @Test
    void namesAReservedClient() {
        Packet offer = relayed(Packets.discover(0x77).asking(12));
        assertThat(offer.yiaddr()).isEqualTo(Configs.RESERVED);
        assertThat(offer.options().string(12)).contains("printer");
    }

    @Test
    void goesToTheRelayAtItsPortOrTheOneItAsksFor() {
        Arrival fromPort5000 =
                new Arrival(Packets.SERVICE_ENDPOINT, Configs.SERVICE, "", Configs.OFFICE_RELAY, 5000, false);
        assertThat(discover(Packets.discover(1).via(Configs.OFFICE_RELAY), fromPort5000)
                        .to())
                .isEqualTo(new Destination.UdpTo(Configs.OFFICE_RELAY, 67));
        assertThat(discover(Packets.discover(1).via(Configs.OFFICE_RELAY).relayInformation(19, 0), fromPort5000)
                        .to())
                .isEqualTo(new Destination.UdpTo(Configs.OFFICE_RELAY, 5000));
    }

    @Test
    void goesToTheClientsHardwareAddressOnItsLink() {
        Rig.Sent offer = discover(Packets.discover(1), Packets.onLink());
        assertThat(offer.endpoint()).isEqualTo(Packets.LINK_ENDPOINT);
        assertThat(offer.to())
                .isEqualTo(new Destination.LinkUnicast(
                        1, Packets.hardware(1).bytes(), offer.packet().yiaddr()));
    }

    @Test
    void isBroadcastOnTheLinkWhereTheClientAsksForItOrHasNoUsableAddress() {
        assertThat(discover(Packets.discover(1).broadcast(), Packets.onLink()).to())
                .isEqualTo(new Destination.LinkBroadcast());
        Packets infiniband = Packets.discover(2)
                .hardware(HardwareAddress.of(HardwareAddress.INFINIBAND))
                .option(61, (byte) 255, (byte) 1);
        assertThat(discover(infiniband, Packets.onLink()).to()).isEqualTo(new Destination.LinkBroadcast());
    }

    @Test
    void isBroadcastOnTheLinkWhenItRefuses() {
        Rig.Sent nak = discover(Packets.request(1).wanting(Ipv4.parse("10.1.0.1")), Packets.onLink());
        assertThat(nak.to()).isEqualTo(new Destination.LinkBroadcast());
        assertThat(nak.packet().messageType()).contains(MessageType.NAK);
    }

    @Test
    void informsAClientAtItsOwnAddressWithoutLease() {
        Ipv4 own = Ipv4.parse("10.0.0.99");
        Packets inform = Packets.of(MessageType.INFORM, 1)
                .ciaddr(own)
                .asking(1, 3)
                .via(Configs.OFFICE_RELAY)
                .relayInformation(1, 1, 5);
        Rig.Sent ack = discover(inform, Packets.fromRelay(Configs.OFFICE_RELAY));
        assertThat(ack.to()).isEqualTo(new Destination.UdpTo(own, 68));
        assertThat(ack.packet().messageType()).contains(MessageType.ACK);
        assertThat(ack.packet().yiaddr().isUnspecified()).isTrue();
        assertThat(ack.packet().ciaddr()).isEqualTo(own);
        assertThat(ack.packet().options().codes()).containsExactly(53, 54, 1, 3);
        assertThat(rig.table().bindingsOf(Identities.hardware(1))).isEmpty();
    }

    @Test
    void informsAClientWithoutCiaddrThroughItsRelay() {
        Packets inform =
                Packets.of(MessageType.INFORM, 1).via(Configs.OFFICE_RELAY).relayInformation(1, 1, 5);
        Rig.Sent ack = discover(inform, Packets.fromRelay(Configs.OFFICE_RELAY));
        assertThat(ack.to()).isEqualTo(new Destination.UdpTo(Configs.OFFICE_RELAY, 67));
        assertThat(ack.packet().options().codes()).last().isEqualTo(82);
    }

    @Test
    void isAsLargeAsTheClientTakesAndTheLinkAllows() {
        Packets small = Packets.discover(1).option(57, (byte) 3, (byte) 0);
        Packets large = Packets.discover(2).option(57, (byte) 0xff, (byte) 0xff);
        assertThat(discover(small, Packets.onLink()).limits().clientBytesMax()).isEqualTo(768 - 28);
        assertThat(discover(large, Packets.onLink()).limits().clientBytesMax()).isEqualTo(1500 - 28);
    }

    @Test
    void echoesTheSubnetSelection() {
        Packet offer = relayed(Packets.discover(1).option(118, (byte) 10, (byte) 1, (byte) 0, (byte) 0));
        assertThat(offer.yiaddr()).isEqualTo(Ipv4.parse("10.1.0.10"));
        assertThat(offer.options().ipv4(118)).contains(Ipv4.parse("10.1.0.0"));
    }
}
