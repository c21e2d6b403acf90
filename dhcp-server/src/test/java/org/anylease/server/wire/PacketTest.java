package org.anylease.server.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.anylease.store.address.Ipv4;
import org.junit.jupiter.api.Test;

/** Packets and the parts that have types of their own. */
class PacketTest {
    private static RelayInformation relay(String hex) {
        return RelayInformation.of(HexFormat.of().parseHex(hex));
    }

    @Test
    void messageTypesHaveTheirRegisteredNumbers() {
        assertThat(MessageType.of(1)).contains(MessageType.DISCOVER);
        assertThat(MessageType.of(5)).contains(MessageType.ACK);
        assertThat(MessageType.of(8)).contains(MessageType.INFORM);
        assertThat(MessageType.of(13)).contains(MessageType.LEASEACTIVE);
        assertThat(MessageType.of(18)).contains(MessageType.TLS);
        assertThat(MessageType.of(0)).isEmpty();
        assertThat(MessageType.of(19)).isEmpty();
        for (MessageType type : MessageType.values()) {
            assertThat(MessageType.of(type.code())).contains(type);
        }
    }

    @Test
    void aPacketWithoutMessageTypeIsBootp() {
        assertThat(GoldenPackets.packet("bootp-vendor").isBootp()).isTrue();
        assertThat(GoldenPackets.packet("bootp-vendor").messageType()).isEmpty();
        assertThat(GoldenPackets.packet("discover").isBootp()).isFalse();
    }

    @Test
    void namesEndAtTheFirstNul() {
        Packet packet = GoldenPackets.packet("hostile-text");
        assertThat(packet.serverName()).contains("a");
        assertThat(packet.bootFile()).contains("\"\\");
        assertThat(packet.sname()).hasSize(3);
        assertThat(GoldenPackets.packet("discover").serverName()).isEmpty();
    }

    @Test
    void aPacketWithABrokenTypeOrRelayCannotBeBuilt() {
        Options badType = Options.builder().u8(OptionCode.MESSAGE_TYPE, 19).build();
        Options longType = Options.builder().u16(OptionCode.MESSAGE_TYPE, 1).build();
        Options badRelay =
                Options.builder().u8(OptionCode.RELAY_AGENT_INFORMATION, 1).build();
        for (Options options : new Options[] {badType, longType, badRelay}) {
            assertThatThrownBy(() -> Packet.builder().options(options).build())
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void fieldsOutOfRangeAreRefused() {
        PacketBuilder builder = Packet.builder();
        assertThatThrownBy(() -> builder.hops(256)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.secs(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.flags(65536)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.serverName("s".repeat(64))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.bootFile("f".repeat(128))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.bootFile("a\0b")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void packetsDifferInEachField() {
        Packet packet = GoldenPackets.packet("overload-sname");
        Packet[] others = {
            packet.toBuilder().op(BootpOp.REQUEST).build(),
            packet.toBuilder().hardware(HardwareAddress.NONE).build(),
            packet.toBuilder().hops(1).build(),
            packet.toBuilder().xid(1).build(),
            packet.toBuilder().secs(1).build(),
            packet.toBuilder().broadcast(true).build(),
            packet.toBuilder().ciaddr(Ipv4.BROADCAST).build(),
            packet.toBuilder().yiaddr(Ipv4.BROADCAST).build(),
            packet.toBuilder().siaddr(Ipv4.BROADCAST).build(),
            packet.toBuilder().giaddr(Ipv4.BROADCAST).build(),
            packet.toBuilder().serverName("x").build(),
            packet.toBuilder().bootFile("x").build(),
            packet.toBuilder().options(Options.EMPTY).build(),
        };
        assertThat(others).doesNotContain(packet).doesNotHaveDuplicates();
        assertThat(packet.toBuilder().build()).isEqualTo(packet).hasSameHashCodeAs(packet);
    }

    @Test
    void hardwareAddressesOfEveryLengthKeepTheirBytes() {
        for (int length = 0; length <= 16; length++) {
            byte[] bytes = new byte[length];
            for (int i = 0; i < length; i++) {
                bytes[i] = (byte) (0x81 + i);
            }
            assertThat(HardwareAddress.of(6, bytes).bytes()).isEqualTo(bytes);
        }
        assertThat(HardwareAddress.ethernet("02:00:5e:00:53:ff")).hasToString("ethernet 02:00:5e:00:53:ff");
        assertThatThrownBy(() -> HardwareAddress.of(1, new byte[17])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new HardwareAddress(1, 1, 0x0101L << 48, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void relayInformationSpeaksInTypes() {
        RelayInformation relay = GoldenPackets.packet("relayed-link-selection")
                .relayInformation()
                .orElseThrow();
        assertThat(relay.codes()).containsExactly(1, 2, 5, 11);
        assertThat(relay.circuitId()).contains("ge-0/0/1:100".getBytes());
        assertThat(relay.remoteId()).contains(HexFormat.of().parseHex("0006aabbccddeeff"));
        assertThat(relay.linkSelection()).contains(Ipv4.parse("192.0.2.0"));
        assertThat(relay.serverIdOverride()).contains(Ipv4.parse("192.0.2.1"));
        assertThat(relay.sourcePort()).isFalse();
        assertThat(relay.flags()).isEmpty();
        assertThat(relay.subscriberId()).isEmpty();

        RelayInformation vss =
                GoldenPackets.packet("relayed-vss").relayInformation().orElseThrow();
        assertThat(vss.flags()).hasValue(RelayInformation.FLAG_UNICAST);
        assertThat(vss.subscriberId()).contains("subscriber-7".getBytes());
        assertThat(vss.virtualSubnet()).contains("\0blue".getBytes());
        assertThat(vss.virtualSubnetControl()).isTrue();
        assertThat(GoldenPackets.packet("relayed-source-port")
                        .relayInformation()
                        .orElseThrow()
                        .sourcePort())
                .isTrue();
    }

    @Test
    void ofARepeatedSubOptionTheFirstCounts() {
        RelayInformation relay = GoldenPackets.packet("relayed-repeated-sub-option")
                .relayInformation()
                .orElseThrow();
        assertThat(relay.circuitId()).contains("first".getBytes());
        assertThat(relay.codes()).containsExactly(1, 1);
    }

    @Test
    void obeyingAVirtualSubnetTakesOnlyTheControlAway() {
        assertThat(relay("010161" + "97020062" + "9800" + "020163").virtualSubnetObeyed())
                .isEqualTo(relay("010161" + "97020062" + "020163"));
        assertThat(relay("9800").virtualSubnetObeyed()).isEqualTo(relay("9800"));
        assertThat(relay("010161").virtualSubnetObeyed()).isEqualTo(relay("010161"));
    }

    @Test
    void relayInformationThatDoesNotAddUpIsRefused() {
        for (String hex : new String[] {"", "01", "0102ff", "010161ff", "0503c00002", "0b05c000020101", "0a00"}) {
            assertThatThrownBy(() -> relay(hex)).as(hex).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
