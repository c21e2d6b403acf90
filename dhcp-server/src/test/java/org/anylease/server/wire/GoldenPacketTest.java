package org.anylease.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each golden packet reads as its rendering says; {@code -Dbless=true} writes the renderings anew. */
class GoldenPacketTest {
    static List<String> names() {
        return GoldenPackets.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void readsAsItsRenderingSays(String name) throws IOException {
        byte[] datagram = GoldenPackets.datagram(name);
        String text = PacketText.of(PacketCodec.decode(datagram, 0, datagram.length));
        if (Boolean.getBoolean("bless")) {
            Files.writeString(GoldenPackets.rendering(name), text);
        }
        assertThat(GoldenPackets.rendering(name)).hasContent(text);
    }

    @ParameterizedTest
    @MethodSource("names")
    void saysWhereItComesFromAndWhichSectionItShows(String name) {
        assertThat(GoldenPackets.source(name).getFirst()).startsWith("# ").contains("RFC");
    }

    @ParameterizedTest
    @MethodSource("names")
    void isMalformedExactlyWhenItsNameSaysSo(String name) {
        byte[] datagram = GoldenPackets.datagram(name);
        Decoded decoded = PacketCodec.decode(datagram, 0, datagram.length);
        assertThat(decoded instanceof Decoded.Malformed).isEqualTo(name.startsWith("malformed-"));
    }

    @ParameterizedTest
    @MethodSource("names")
    void readsTheSameFromAnyKindOfBuffer(String name) {
        byte[] datagram = GoldenPackets.datagram(name);
        Decoded expected = PacketCodec.decode(datagram, 0, datagram.length);
        byte[] wider = new byte[datagram.length + 20];
        Arrays.fill(wider, (byte) 0x35);
        System.arraycopy(datagram, 0, wider, 7, datagram.length);
        ByteBuffer direct = ByteBuffer.allocateDirect(wider.length).put(wider).position(7);
        direct.limit(7 + datagram.length);

        assertThat(PacketCodec.decode(wider, 7, datagram.length)).isEqualTo(expected);
        assertThat(PacketCodec.decode(ByteBuffer.wrap(wider, 7, datagram.length).slice()))
                .isEqualTo(expected);
        assertThat(PacketCodec.decode(direct)).isEqualTo(expected);
        assertThat(PacketCodec.decode(direct.asReadOnlyBuffer())).isEqualTo(expected);
        assertThat(direct.position()).isEqualTo(7);
    }

    @ParameterizedTest
    @MethodSource("names")
    void keepsNothingOfTheBufferItWasReadFrom(String name) {
        byte[] datagram = GoldenPackets.datagram(name);
        Decoded decoded = PacketCodec.decode(datagram, 0, datagram.length);
        String before = PacketText.of(decoded);
        Arrays.fill(datagram, (byte) 0x5a);
        assertThat(PacketText.of(decoded)).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("names")
    void isPrintableAsciiWhateverTheSenderWrote(String name) {
        byte[] datagram = GoldenPackets.datagram(name);
        assertThat(PacketText.of(PacketCodec.decode(datagram, 0, datagram.length)))
                .matches("[\\x20-\\x7e\\n]+");
    }

    @Test
    void thereIsOneForEveryReasonToRefuseADatagram() {
        Set<MalformedReason> seen = EnumSet.noneOf(MalformedReason.class);
        for (String name : GoldenPackets.names()) {
            byte[] datagram = GoldenPackets.datagram(name);
            if (PacketCodec.decode(datagram, 0, datagram.length) instanceof Decoded.Malformed bad) {
                seen.add(bad.reason());
            }
        }
        assertThat(seen).containsExactlyInAnyOrder(MalformedReason.values());
    }
}
