package org.anylease.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.anylease.server.event.PacketKind;
import org.anylease.server.event.PacketOutcome;
import org.anylease.server.event.ServerEvent;
import org.anylease.server.leasequery.Requesters;
import org.anylease.server.port.Destination;
import org.anylease.server.wire.HardwareAddress;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Prefix;
import org.junit.jupiter.api.Test;

/** Lease queries (RFC 4388): each answer, who may ask, and what a server that is cut off knows. */
final class LeaseQueryTest extends AloneScene {
    private static final Ipv4 REQUESTER = Ipv4.parse("10.250.0.1");
    private static final Ipv4 FREE = Ipv4.parse("10.0.0.15");
    private static final int[] CIRCUIT = {1, 2, 0x0a, 0x0b};

    LeaseQueryTest() {
        super(new Requesters(List.of(Prefix.parse("10.250.0.0/24"))));
    }

    private static Packets query() {
        return Packets.of(MessageType.LEASEQUERY, 99)
                .hardware(HardwareAddress.NONE)
                .via(REQUESTER);
    }

    private Packet asked(Packets query) {
        rig.receive(query.build(), Packets.fromRelay(REQUESTER));
        Rig.Sent sent = rig.reply();
        assertThat(sent.to()).isEqualTo(new Destination.UdpTo(REQUESTER, 67));
        assertThat(sent.packet().xid()).isEqualTo(0x1000 + 99);
        assertThat(sent.packet().giaddr()).isEqualTo(REQUESTER);
        assertThat(sent.packet().options().ipv4(OptionCode.SERVER_ID)).contains(Configs.SERVICE);
        assertThat(rig.ended.getLast())
                .isEqualTo(new Effect.PacketEnded(PacketKind.LEASEQUERY, PacketOutcome.ANSWERED));
        return sent.packet();
    }

    private Ipv4 bindWithIdentifier(int client, int hardware) {
        byte[] identifier = {0, (byte) client};
        Ipv4 offered = relayed(Packets.discover(client)
                        .hardware(Packets.hardware(hardware))
                        .option(OptionCode.CLIENT_ID, identifier)
                        .relayInformation(CIRCUIT))
                .yiaddr();
        return relayed(Packets.selecting(client, offered)
                        .hardware(Packets.hardware(hardware))
                        .option(OptionCode.CLIENT_ID, identifier)
                        .relayInformation(CIRCUIT))
                .yiaddr();
    }

    @Test
    void tellsAnActiveLeaseByItsAddress() {
        Ipv4 held = bindWithIdentifier(1, 1);
        rig.sleep(Duration.ofMinutes(10));
        Packet answer = asked(query().ciaddr(held));
        assertThat(answer.messageType()).contains(MessageType.LEASEACTIVE);
        assertThat(answer.ciaddr()).isEqualTo(held);
        assertThat(answer.hardware()).isEqualTo(Packets.hardware(1));
        assertThat(answer.options().u32(OptionCode.ADDRESS_TIME)).hasValue(3000);
        assertThat(answer.options().u32(OptionCode.RENEWAL_TIME)).hasValue(1200);
        assertThat(answer.options().u32(OptionCode.REBINDING_TIME)).hasValue(2550);
        assertThat(answer.options().u32(OptionCode.CLIENT_LAST_TRANSACTION_TIME))
                .hasValue(600);
        assertThat(answer.options().bytes(OptionCode.CLIENT_ID)).contains(new byte[] {0, 1});
        assertThat(answer.options().bytes(OptionCode.RELAY_AGENT_INFORMATION)).contains(new byte[] {1, 2, 0x0a, 0x0b});
        assertThat(answer.options().codes().getLast()).isEqualTo(OptionCode.RELAY_AGENT_INFORMATION);
        assertThat(answer.options().has(OptionCode.ASSOCIATED_IP)).isFalse();
    }

    @Test
    void leavesOutTimesThatArePast() {
        Ipv4 held = bind(1);
        rig.sleep(Duration.ofMinutes(40));
        Packet answer = asked(query().ciaddr(held));
        assertThat(answer.options().has(OptionCode.RENEWAL_TIME)).isFalse();
        assertThat(answer.options().u32(OptionCode.REBINDING_TIME)).hasValue(3150 - 2400);
    }

    @Test
    void givesWhatIsAskedForAndNothingElse() {
        Ipv4 held = bindWithIdentifier(1, 1);
        Packet answer = asked(
                query().ciaddr(held).asking(OptionCode.DHCP_STATE, OptionCode.SUBNET_MASK, OptionCode.DATA_SOURCE));
        assertThat(answer.options().codes())
                .containsExactlyInAnyOrder(
                        OptionCode.MESSAGE_TYPE,
                        OptionCode.SERVER_ID,
                        OptionCode.DHCP_STATE,
                        OptionCode.SUBNET_MASK,
                        OptionCode.DATA_SOURCE);
        assertThat(answer.options().u8(OptionCode.DHCP_STATE)).hasValue(2);
        assertThat(answer.options().u8(OptionCode.DATA_SOURCE)).hasValue(0);
    }

    @Test
    void tellsWhatIsNotLeasedFromWhatIsNotOurs() {
        Packet free = asked(query().ciaddr(FREE));
        assertThat(free.messageType()).contains(MessageType.LEASEUNASSIGNED);
        assertThat(free.ciaddr()).isEqualTo(FREE);
        Packet foreign = asked(query().ciaddr(Ipv4.parse("172.16.0.9")));
        assertThat(foreign.messageType()).contains(MessageType.LEASEUNKNOWN);
        assertThat(foreign.ciaddr()).isEqualTo(Ipv4.parse("172.16.0.9"));
    }

    @Test
    void aLeaseThatHasRunOutIsUnassignedBeforeItsCellSaysSo() {
        Ipv4 held = bind(1);
        rig.sleep(Duration.ofHours(1));
        assertThat(asked(query().ciaddr(held)).messageType()).contains(MessageType.LEASEUNASSIGNED);
        assertThat(asked(query().hardware(Packets.hardware(1))).messageType()).contains(MessageType.LEASEUNKNOWN);
    }

    @Test
    void findsAllLeasesOfAHardwareAddressAndTellsTheLatest() {
        rig.wake(Duration.ofSeconds(1));
        rig.run();
        Ipv4 first = bindWithIdentifier(1, 7);
        rig.sleep(Duration.ofMinutes(1));
        Ipv4 second = bindWithIdentifier(2, 7);
        Packet answer = asked(query().hardware(Packets.hardware(7)));
        assertThat(answer.messageType()).contains(MessageType.LEASEACTIVE);
        assertThat(answer.ciaddr()).isEqualTo(second);
        assertThat(answer.options().ipv4List(OptionCode.ASSOCIATED_IP)).containsExactly(first);
        Packet nobody = asked(query().hardware(Packets.hardware(8)));
        assertThat(nobody.messageType()).contains(MessageType.LEASEUNKNOWN);
        assertThat(nobody.hardware()).isEqualTo(Packets.hardware(8));
    }

    @Test
    void findsAClientByItsIdentifierAlone() {
        Ipv4 held = bindWithIdentifier(3, 1);
        Packet answer = asked(query().option(OptionCode.CLIENT_ID, (byte) 0, (byte) 3));
        assertThat(answer.messageType()).contains(MessageType.LEASEACTIVE);
        assertThat(answer.ciaddr()).isEqualTo(held);
        Packet nobody = asked(query().option(OptionCode.CLIENT_ID, (byte) 0, (byte) 4));
        assertThat(nobody.messageType()).contains(MessageType.LEASEUNKNOWN);
        assertThat(nobody.options().bytes(OptionCode.CLIENT_ID)).contains(new byte[] {0, 4});
    }

    @Test
    void cutOffItTellsOfItsOwnPromisesAndOfWhatItHadApplied() {
        Ipv4 held = bind(1);
        cutOff();
        receive(renewing(1, held));
        rig.sync();
        rig.sent.clear();
        Ipv4 fresh = takeFromEscrow(5);
        rig.sleep(Duration.ofMinutes(1));
        Packet extended = asked(query().ciaddr(held));
        assertThat(extended.messageType()).contains(MessageType.LEASEACTIVE);
        assertThat(extended.options().u32(OptionCode.CLIENT_LAST_TRANSACTION_TIME))
                .hasValue(60);
        Packet promised = asked(query().ciaddr(fresh));
        assertThat(promised.messageType()).contains(MessageType.LEASEACTIVE);
        assertThat(promised.hardware()).isEqualTo(Packets.hardware(5));
        assertThat(asked(query().hardware(Packets.hardware(5))).ciaddr()).isEqualTo(fresh);
    }

    @Test
    void dropsWhoIsNotAllowed() {
        rig.receive(query().ciaddr(FREE).build(), Packets.fromRelay(Configs.OFFICE_RELAY));
        rig.receive(
                Packets.of(MessageType.LEASEQUERY, 9)
                        .via(Configs.OFFICE_RELAY)
                        .ciaddr(FREE)
                        .build(),
                Packets.fromRelay(REQUESTER));
        rig.receive(Packets.of(MessageType.LEASEQUERY, 9).ciaddr(FREE).build(), Packets.fromRelay(REQUESTER));
        assertThat(rig.count(ServerEvent.LEASEQUERY_REFUSED)).isEqualTo(3);
        assertThat(rig.sent).isEmpty();
        assertThat(rig.open()).isZero();
    }

    @Test
    void dropsAQueryForNothingForTwoThingsOrForAnotherServer() {
        rig.receive(query().build(), Packets.fromRelay(REQUESTER));
        rig.receive(query().ciaddr(FREE).hardware(Packets.hardware(1)).build(), Packets.fromRelay(REQUESTER));
        assertThat(rig.count(ServerEvent.LEASEQUERY_MALFORMED)).isEqualTo(2);
        rig.receive(query().ciaddr(FREE).server(Ipv4.parse("203.0.113.7")).build(), Packets.fromRelay(REQUESTER));
        assertThat(rig.sent).isEmpty();
        assertThat(asked(query().ciaddr(FREE).server(Configs.ALIAS)).messageType())
                .contains(MessageType.LEASEUNASSIGNED);
    }
}
