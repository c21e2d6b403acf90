package org.anylease.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.anylease.store.address.Ipv4;
import org.junit.jupiter.api.Test;

class LinkFramesTest {
    /** The example of RFC 1071 §3: the sum of these words is ddf2. */
    @Test
    void sumsAsInRfc1071() {
        MemorySegment bytes = MemorySegment.ofArray(HexFormat.of().parseHex("0001f203f4f5f6f7"));
        assertThat(InternetChecksum.fold(InternetChecksum.add(0, bytes, 0, 8))).isEqualTo((short) ~0xddf2);
    }

    @Test
    void everyPacketHasRightChecksumsAndLengths() {
        SplittableRandom random = new SplittableRandom(67);
        for (int i = 0; i < 2_000; i++) {
            byte[] payload = new byte[random.nextInt(600)];
            random.nextBytes(payload);
            MemorySegment packet = MemorySegment.ofArray(new byte[28 + payload.length]);
            Ipv4 source = new Ipv4(random.nextInt());
            Ipv4 to = new Ipv4(random.nextInt());
            LinkFrames.writePacket(packet, source, 67, to, 68, ByteBuffer.wrap(payload));
            assertThat(InternetChecksum.fold(InternetChecksum.add(0, packet, 0, 20)))
                    .isZero();
            int udpLength = 8 + payload.length;
            long pseudoHeader = InternetChecksum.add(17 + udpLength, packet, 12, 8);
            assertThat(InternetChecksum.fold(InternetChecksum.add(pseudoHeader, packet, 20, udpLength)))
                    .isZero();
            assertThat(packet.get(Libc.NET_SHORT, 26)).isNotZero();
            assertThat(packet.get(Libc.NET_SHORT, 2)).isEqualTo((short) (28 + payload.length));
            assertThat(packet.get(Libc.NET_INT, 12)).isEqualTo(source.bits());
            assertThat(packet.asSlice(28).toArray(ValueLayout.JAVA_BYTE)).isEqualTo(payload);
        }
    }
}
