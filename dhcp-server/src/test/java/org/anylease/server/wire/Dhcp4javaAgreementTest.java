package org.anylease.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.dhcp4java.DHCPBadPacketException;
import org.dhcp4java.DHCPOption;
import org.dhcp4java.DHCPPacket;
import org.junit.jupiter.api.Test;

/**
 * An independent codec as witness: where dhcp4java is right, both read and write the same.
 *
 * <p>Where it is not, a test named {@code disagrees…} states what either does, so that the list of exceptions is complete
 * and stays true.
 */
class Dhcp4javaAgreementTest {
    private static final int PACKETS = 50_000;

    private final byte[] target = new byte[1_500];

    /** Random packets that stay within dhcp4java's 1500 bytes and 255 bytes for each option. */
    private static Packet packet(int seed) {
        return new RandomPackets(seed).next(70);
    }

    @Test
    void dhcp4javaReadsWhatWeWrite() {
        for (int seed = 0; seed < PACKETS; seed++) {
            Packet packet = packet(seed);
            Encoded encoded = PacketCodec.encode(packet, new EncodeLimits(1500, 1500, false), target);
            assertThat(encoded.droppedCodes()).isEmpty();
            DHCPPacket theirs = DHCPPacket.getPacket(target, 0, encoded.length(), true);
            assertThat(fields(theirs)).as("seed %s", seed).isEqualTo(fields(packet));
        }
    }

    @Test
    void weReadWhatDhcp4javaWrites() {
        for (int seed = 0; seed < PACKETS; seed++) {
            Packet packet = packet(seed);
            byte[] theirs = theirs(packet).serialize(300, 1500);
            assertThat(PacketCodec.decode(theirs, 0, theirs.length))
                    .as("seed %s", seed)
                    .isEqualTo(new Decoded.Ok(packet));
        }
    }

    @Test
    void bothWriteTheSameBytes() {
        for (int seed = 0; seed < PACKETS; seed++) {
            Packet packet = packet(seed);
            Encoded encoded = PacketCodec.encode(packet, new EncodeLimits(1500, 1500, false), target);
            assertThat(Arrays.copyOf(target, encoded.length()))
                    .as("seed %s", seed)
                    .isEqualTo(theirs(packet).serialize(300, 1500));
        }
    }

    @Test
    void bothReadTheCapturedPacketsAlike() {
        for (String name : GoldenPackets.names()) {
            if (name.startsWith("captured-")) {
                byte[] datagram = GoldenPackets.datagram(name);
                DHCPPacket theirs = DHCPPacket.getPacket(datagram, 0, datagram.length, true);
                assertThat(fields(theirs)).as(name).isEqualTo(fields(GoldenPackets.packet(name)));
            }
        }
    }

    private static DHCPPacket theirs(Packet packet) {
        DHCPPacket theirs = new DHCPPacket();
        theirs.setDhcp(true);
        theirs.setOp((byte) packet.op().code());
        theirs.setHtype((byte) packet.hardware().type());
        theirs.setHlen((byte) packet.hardware().length());
        theirs.setChaddr(Arrays.copyOf(packet.hardware().bytes(), 16));
        theirs.setHops((byte) packet.hops());
        theirs.setXid(packet.xid());
        theirs.setSecs((short) packet.secs());
        theirs.setFlags((short) packet.flags());
        theirs.setCiaddrRaw(raw(packet.ciaddr().bits()));
        theirs.setYiaddrRaw(raw(packet.yiaddr().bits()));
        theirs.setSiaddrRaw(raw(packet.siaddr().bits()));
        theirs.setGiaddrRaw(raw(packet.giaddr().bits()));
        theirs.setSnameRaw(Arrays.copyOf(packet.sname(), 64));
        theirs.setFileRaw(Arrays.copyOf(packet.file(), 128));
        for (int i = 0; i < packet.options().size(); i++) {
            theirs.setOption(new DHCPOption(
                    (byte) packet.options().codeAt(i), packet.options().valueAt(i)));
        }
        return theirs;
    }

    private static byte[] raw(int bits) {
        return new byte[] {(byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits};
    }

    private static List<String> fields(DHCPPacket packet) {
        List<String> fields = new ArrayList<>(List.of(
                packet.getOp() + " " + (packet.getHtype() & 255) + " " + packet.getHlen(),
                (packet.getHops() & 255) + " " + packet.getXid(),
                (packet.getSecs() & 0xffff) + " " + (packet.getFlags() & 0xffff),
                hex(packet.getCiaddrRaw()) + hex(packet.getYiaddrRaw()),
                hex(packet.getSiaddrRaw()) + hex(packet.getGiaddrRaw()),
                hex(packet.getChaddr()),
                hex(packet.getSnameRaw()),
                hex(packet.getFileRaw())));
        for (DHCPOption option : packet.getOptionsCollection()) {
            byte[] value = option.getValue();
            fields.add((option.getCode() & 255) + " " + (value == null ? "" : hex(value)));
        }
        return fields;
    }

    private static List<String> fields(Packet packet) {
        List<String> fields = new ArrayList<>(List.of(
                packet.op().code() + " " + packet.hardware().type() + " "
                        + packet.hardware().length(),
                packet.hops() + " " + packet.xid(),
                packet.secs() + " " + packet.flags(),
                hex(raw(packet.ciaddr().bits())) + hex(raw(packet.yiaddr().bits())),
                hex(raw(packet.siaddr().bits())) + hex(raw(packet.giaddr().bits())),
                hex(Arrays.copyOf(packet.hardware().bytes(), 16)),
                hex(Arrays.copyOf(packet.sname(), 64)),
                hex(Arrays.copyOf(packet.file(), 128))));
        for (int i = 0; i < packet.options().size(); i++) {
            fields.add(packet.options().codeAt(i) + " " + hex(packet.options().valueAt(i)));
        }
        return fields;
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static DHCPPacket theirReading(String name) {
        byte[] datagram = GoldenPackets.datagram(name);
        return DHCPPacket.getPacket(datagram, 0, datagram.length, false);
    }

    @Test
    void disagreesOnRepeatedOptionsOfWhichItKeepsTheLast() {
        assertThat(theirReading("long-option").getOptionRaw((byte) 121)).hasSize(17);
        assertThat(GoldenPackets.packet("long-option").options().bytes(121).orElseThrow())
                .hasSize(272);
    }

    @Test
    void disagreesOnOverloadWhichItIgnores() {
        assertThat(theirReading("overload-both").containsOption((byte) OptionCode.HOSTNAME))
                .isFalse();
        assertThat(GoldenPackets.packet("overload-both").options().string(OptionCode.HOSTNAME))
                .contains("thin-client-7");
    }

    @Test
    void disagreesOnMalformedPacketsMostOfWhichItTakes() {
        List<String> refused = new ArrayList<>();
        for (String name : GoldenPackets.names()) {
            if (name.startsWith("malformed-")) {
                try {
                    theirReading(name);
                } catch (DHCPBadPacketException e) {
                    refused.add(name);
                }
            }
        }
        assertThat(refused).containsExactly("malformed-too-long", "malformed-too-short");
    }

    @Test
    void disagreesOnAMissingEndWhichItRefusesWhenStrict() {
        byte[] datagram = GoldenPackets.datagram("missing-end");
        assertThat(PacketCodec.decode(datagram, 0, datagram.length)).isInstanceOf(Decoded.Ok.class);
        boolean taken;
        try {
            DHCPPacket.getPacket(datagram, 0, datagram.length, true);
            taken = true;
        } catch (DHCPBadPacketException e) {
            taken = false;
        }
        assertThat(taken).isFalse();
    }

    @Test
    void disagreesOnChaddrPastItsLengthWhichItKeeps() {
        assertThat(hex(theirReading("chaddr-dirty").getChaddr())).contains("dead");
        assertThat(hex(GoldenPackets.packet("chaddr-dirty").hardware().bytes())).isEqualTo("02005e100001");
    }
}
