package org.anylease.server.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.anylease.store.address.Ipv4;
import org.junit.jupiter.api.Test;

/** How replies are fitted into datagrams. */
class PacketCodecTest {
    private static final EncodeLimits USUAL = new EncodeLimits(548, 1472, true);
    private static final RelayInformation RELAY =
            RelayInformation.of(HexFormat.of().parseHex("0103616263"));

    private final byte[] target = new byte[9_000];

    private static OptionsBuilder ack() {
        return Options.builder().messageType(MessageType.ACK).ipv4(OptionCode.SERVER_ID, Ipv4.parse("203.0.113.67"));
    }

    private static Packet reply(OptionsBuilder options) {
        return Packet.builder().op(BootpOp.REPLY).options(options.build()).build();
    }

    private Packet sent(Encoded encoded) {
        return ((Decoded.Ok) PacketCodec.decode(target, 0, encoded.length())).packet();
    }

    private String hex(int from, int length) {
        return HexFormat.of().formatHex(target, from, from + length);
    }

    @Test
    void padsToTheLengthOfABootpMessage() {
        Arrays.fill(target, (byte) 0x77);
        Encoded encoded = PacketCodec.encode(reply(ack()), USUAL, target);
        assertThat(encoded).isEqualTo(new Encoded(300, List.of()));
        assertThat(hex(236, 15)).isEqualTo("63825363" + "350105" + "3604cb007143" + "ff" + "00");
        assertThat(hex(249, 51)).isEqualTo("ff" + "00".repeat(50));
        assertThat(target[300]).isEqualTo((byte) 0x77);
    }

    @Test
    void writesEveryFixedFieldWhereItBelongs() {
        Packet packet = Packet.builder()
                .op(BootpOp.REPLY)
                .hardware(HardwareAddress.ethernet("02:00:5e:00:53:01"))
                .hops(3)
                .xid(0xdeadbeef)
                .secs(0x1234)
                .broadcast(true)
                .ciaddr(Ipv4.parse("1.2.3.4"))
                .yiaddr(Ipv4.parse("5.6.7.8"))
                .siaddr(Ipv4.parse("9.10.11.12"))
                .giaddr(Ipv4.parse("13.14.15.16"))
                .serverName("boot")
                .bootFile("pxe")
                .build();
        PacketCodec.encode(packet, USUAL, target);
        assertThat(hex(0, 44))
                .isEqualTo("02010603" + "deadbeef" + "12348000" + "01020304" + "05060708" + "090a0b0c" + "0d0e0f10"
                        + "02005e005301" + "00".repeat(10));
        assertThat(hex(44, 5)).isEqualTo("626f6f7400");
        assertThat(hex(108, 4)).isEqualTo("70786500");
    }

    @Test
    void putsRelayInformationLastWhereverItStood() {
        OptionsBuilder options = Options.builder()
                .relayInformation(RELAY)
                .messageType(MessageType.ACK)
                .u32(OptionCode.ADDRESS_TIME, 60);
        assertThat(sent(PacketCodec.encode(reply(options), USUAL, target))
                        .options()
                        .codes())
                .containsExactly(53, 51, 82);
    }

    @Test
    void splitsAValueOf256BytesIntoTwoInstances() {
        Packet packet = reply(ack().bytes(OptionCode.VENDOR_SPECIFIC, new byte[256]));
        Encoded encoded = PacketCodec.encode(packet, USUAL, target);
        assertThat(hex(249, 2)).isEqualTo("2bff");
        assertThat(hex(249 + 257, 4)).isEqualTo("2b0100ff");
        assertThat(sent(encoded)).isEqualTo(packet);
    }

    @Test
    void doesNotSplitAValueOf255Bytes() {
        PacketCodec.encode(reply(ack().bytes(OptionCode.VENDOR_SPECIFIC, new byte[255])), USUAL, target);
        assertThat(hex(249, 2)).isEqualTo("2bff");
        assertThat(hex(249 + 257, 1)).isEqualTo("ff");
    }

    @Test
    void overloadsFileAndThenSnameWhenTheOptionsFieldIsFull() {
        OptionsBuilder options = ack().bytes(225, new byte[250])
                .string(OptionCode.DOMAIN_NAME, "d".repeat(100))
                .string(OptionCode.HOSTNAME, "h".repeat(50));
        Encoded encoded = PacketCodec.encode(reply(options), USUAL, target);
        assertThat(encoded.droppedCodes()).isEmpty();
        assertThat(encoded.length()).isLessThanOrEqualTo(548);
        assertThat(hex(240, 3)).isEqualTo("340103");
        assertThat(hex(108, 2)).isEqualTo("0f64");
        assertThat(hex(108 + 102, 26)).isEqualTo("ff" + "00".repeat(25));
        assertThat(hex(44, 2)).isEqualTo("0c32");
    }

    @Test
    void overloadsOnlyTheFieldItNeeds() {
        OptionsBuilder options = ack().bytes(225, new byte[250]).string(OptionCode.DOMAIN_NAME, "d".repeat(60));
        PacketCodec.encode(reply(options), USUAL, target);
        assertThat(hex(240, 3)).isEqualTo("340101");
        assertThat(hex(44, 64)).isEqualTo("00".repeat(64));
    }

    @Test
    void leavesFieldsThatCarryNamesAlone() {
        Options options = ack().bytes(225, new byte[250])
                .string(OptionCode.DOMAIN_NAME, "d".repeat(100))
                .string(OptionCode.HOSTNAME, "h".repeat(50))
                .build();
        Packet packet = Packet.builder()
                .op(BootpOp.REPLY)
                .options(options)
                .bootFile("pxelinux.0")
                .build();
        Encoded encoded = PacketCodec.encode(packet, USUAL, target);
        assertThat(encoded.droppedCodes()).containsExactly(OptionCode.DOMAIN_NAME);
        assertThat(sent(encoded).bootFile()).contains("pxelinux.0");
        assertThat(hex(240, 3)).as("only sname is free").isEqualTo("340102");
    }

    @Test
    void dropsTheLeastImportantAndSaysSoWhenOverloadIsForbidden() {
        OptionsBuilder options = ack().bytes(225, new byte[250])
                .string(OptionCode.DOMAIN_NAME, "d".repeat(100))
                .string(OptionCode.ROOT_PATH, "r".repeat(60))
                .u32(OptionCode.ADDRESS_TIME, 60);
        Encoded encoded = PacketCodec.encode(reply(options), new EncodeLimits(548, 1472, false), target);
        assertThat(encoded.droppedCodes()).containsExactly(OptionCode.DOMAIN_NAME, OptionCode.ROOT_PATH);
        assertThat(sent(encoded).options().codes()).containsExactly(53, 54, 225, 51);
    }

    @Test
    void neverOverloadsTypeServerAuthenticationOrRelayInformation() {
        OptionsBuilder options = Options.builder()
                .bytes(OptionCode.VENDOR_SPECIFIC, new byte[200])
                .string(OptionCode.MESSAGE, "m".repeat(60))
                .bytes(OptionCode.AUTHENTICATION, new byte[60])
                .relayInformation(RELAY)
                .messageType(MessageType.ACK)
                .ipv4(OptionCode.SERVER_ID, Ipv4.UNSPECIFIED);
        Encoded encoded = PacketCodec.encode(reply(options), new EncodeLimits(548, 548, true), target);
        assertThat(encoded.droppedCodes()).containsExactly(OptionCode.AUTHENTICATION);
        assertThat(sent(encoded).options().codes()).startsWith(43).endsWith(82).contains(53, 54, 56);
    }

    @Test
    void spreadsALongValueOverAllThreeFields() {
        byte[] value = new byte[450];
        for (int i = 0; i < value.length; i++) {
            value[i] = (byte) i;
        }
        Packet packet = reply(ack().bytes(OptionCode.VENDOR_SPECIFIC, value));
        Encoded encoded = PacketCodec.encode(packet, USUAL, target);
        assertThat(hex(240, 3)).isEqualTo("340103");
        assertThat(encoded.length()).isLessThanOrEqualTo(548);
        assertThat(sent(encoded)).isEqualTo(packet);
    }

    @Test
    void countsRelayInformationAgainstTheLinkAndNotAgainstTheClient() {
        byte[] circuit = new byte[202];
        circuit[0] = 1;
        circuit[1] = (byte) 200;
        Packet packet = reply(ack().bytes(225, new byte[250]).relayInformation(RelayInformation.of(circuit)));
        Encoded encoded = PacketCodec.encode(packet, new EncodeLimits(548, 1472, false), target);
        assertThat(encoded.droppedCodes()).isEmpty();
        assertThat(encoded.length()).isGreaterThan(548);
        assertThat(PacketCodec.encode(packet, new EncodeLimits(548, 548, false), target)
                        .droppedCodes())
                .containsExactly(225);
    }

    @Test
    void sendsWithoutRelayInformationOnlyWhenTypeAndServerDoNotFitBesideIt() {
        byte[] circuit = new byte[300];
        circuit[0] = 1;
        circuit[1] = (byte) 200;
        circuit[202] = 2;
        circuit[203] = 96;
        Packet packet = reply(ack().u32(OptionCode.ADDRESS_TIME, 60).relayInformation(RelayInformation.of(circuit)));
        int exactly = 240 + 3 + 6 + 304 + 1;
        Encoded fits = PacketCodec.encode(packet, new EncodeLimits(548, exactly, true), target);
        assertThat(fits.droppedCodes()).containsExactly(OptionCode.ADDRESS_TIME);
        Encoded fitsNot = PacketCodec.encode(packet, new EncodeLimits(548, exactly - 1, true), target);
        assertThat(fitsNot.droppedCodes()).containsExactly(OptionCode.RELAY_AGENT_INFORMATION);
    }

    @Test
    void aClientThatNamesNoSizeTakes548BytesOfPayload() {
        assertThat(EncodeLimits.replyTo(GoldenPackets.packet("inform"), 1500))
                .isEqualTo(new EncodeLimits(548, 1472, true));
    }

    @Test
    void aClientGetsTheSizeItNamesButNeitherBelow576NorAboveTheLink() {
        Packet request = GoldenPackets.packet("inform");
        assertThat(EncodeLimits.replyTo(withSize(request, 1000), 1500).clientBytesMax())
                .isEqualTo(972);
        assertThat(EncodeLimits.replyTo(withSize(request, 100), 1500).clientBytesMax())
                .isEqualTo(548);
        assertThat(EncodeLimits.replyTo(withSize(request, 65535), 1500).clientBytesMax())
                .isEqualTo(1472);
    }

    @Test
    void aBootpClientTakes300BytesAndNoOverload() {
        assertThat(EncodeLimits.replyTo(GoldenPackets.packet("bootp-request"), 1500))
                .isEqualTo(new EncodeLimits(300, 1472, false));
    }

    private static Packet withSize(Packet packet, int size) {
        Options options = packet.options().toBuilder()
                .u16(OptionCode.MAXIMUM_MESSAGE_SIZE, size)
                .build();
        return packet.toBuilder().options(options).build();
    }

    @Test
    void writesTheSameIntoAnyKindOfBuffer() {
        Packet packet = GoldenPackets.packet("overload-both");
        int length = PacketCodec.encode(packet, USUAL, target).length();
        ByteBuffer direct = ByteBuffer.allocateDirect(2_000).position(9);
        ByteBuffer heap = ByteBuffer.allocate(2_000).position(4).slice().position(5);
        for (ByteBuffer buffer : List.of(direct, heap)) {
            assertThat(PacketCodec.encode(packet, USUAL, buffer).length()).isEqualTo(length);
            byte[] written =
                    new byte[buffer.flip().position(buffer == direct ? 9 : 5).remaining()];
            buffer.get(written);
            assertThat(written).isEqualTo(Arrays.copyOf(target, length));
        }
    }

    @Test
    void refusesATargetSmallerThanTheLimits() {
        assertThatThrownBy(() -> PacketCodec.encode(reply(ack()), USUAL, new byte[1471]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1472");
    }
}
