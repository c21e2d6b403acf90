package org.anylease.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What goes out comes back. A failure names the seed of the packet. */
class RoundTripTest {
    private static final int PACKETS = 50_000;
    private static final EncodeLimits WIDE = EncodeLimits.of(PacketCodec.DATAGRAM_BYTES_MAX);

    private final byte[] target = new byte[PacketCodec.DATAGRAM_BYTES_MAX];

    static List<String> wellFormedNames() {
        return GoldenPackets.names().stream()
                .filter(name -> !name.startsWith("malformed-"))
                .toList();
    }

    private Packet decoded(Encoded encoded) {
        Decoded decoded = PacketCodec.decode(target, 0, encoded.length());
        assertThat(decoded).isInstanceOf(Decoded.Ok.class);
        return ((Decoded.Ok) decoded).packet();
    }

    @Test
    void anyPacketComesBackEqual() {
        for (int seed = 0; seed < PACKETS; seed++) {
            Packet packet = new RandomPackets(seed).next(255);
            assertThat(decoded(PacketCodec.encode(packet, WIDE, target)))
                    .as("seed %s", seed)
                    .isEqualTo(packet)
                    .hasSameHashCodeAs(packet);
        }
    }

    @Test
    void anyPacketWithLongOptionsComesBackEqual() {
        for (int seed = 0; seed < PACKETS; seed++) {
            Packet packet = new RandomPackets(seed).next(650);
            assertThat(decoded(PacketCodec.encode(packet, WIDE, target)))
                    .as("seed %s", seed)
                    .isEqualTo(packet);
        }
    }

    @Test
    void withinAnyLimitsEveryOptionComesBackOrIsReported() {
        int overloaded = 0;
        int shortened = 0;
        for (int seed = 0; seed < PACKETS; seed++) {
            Packet packet = new RandomPackets(seed).next(400);
            EncodeLimits limits = randomLimits(seed);
            Encoded encoded = PacketCodec.encode(packet, limits, target);
            Packet back = decoded(encoded);
            assertThat(encoded.length()).as("seed %s", seed).isBetween(300, limits.datagramBytesMax());
            assertThat(sortedLines(back, encoded.droppedCodes()))
                    .as("seed %s", seed)
                    .isEqualTo(sortedLines(packet, encoded.droppedCodes()));
            assertThat(encoded.droppedCodes())
                    .as("seed %s", seed)
                    .allMatch(code -> !back.options().has(code))
                    .doesNotContain(OptionCode.MESSAGE_TYPE);
            overloaded += target[HeaderLayout.OPTIONS] == OptionCode.OVERLOAD ? 1 : 0;
            shortened += encoded.droppedCodes().isEmpty() ? 0 : 1;
        }
        assertThat(overloaded).as("packets that needed overload").isGreaterThan(PACKETS / 50);
        assertThat(shortened).as("packets that lost something").isGreaterThan(PACKETS / 50);
    }

    @Test
    void anOptionNeverYieldsItsPlaceToOneThatFollows() {
        for (int seed = 0; seed < PACKETS / 5; seed++) {
            Packet packet = new RandomPackets(seed).next(400);
            EncodeLimits some = randomLimits(seed);
            EncodeLimits limits = new EncodeLimits(some.clientBytesMax(), some.datagramBytesMax(), false);
            for (int code : PacketCodec.encode(packet, limits, target).droppedCodes()) {
                Packet upToIt =
                        packet.toBuilder().options(upTo(code, packet.options())).build();
                assertThat(PacketCodec.encode(upToIt, limits, target).droppedCodes())
                        .as("seed %s, option %s without what follows", seed, code)
                        .contains(code);
            }
        }
    }

    /** The options before and with {@code code}, and those that go first in any case. */
    private static Options upTo(int code, Options options) {
        OptionsBuilder kept = Options.builder();
        boolean passed = false;
        for (int i = 0; i < options.size(); i++) {
            int here = options.codeAt(i);
            if (!passed || here == OptionCode.SERVER_ID || here == OptionCode.RELAY_AGENT_INFORMATION) {
                kept.bytes(here, options.valueAt(i));
            }
            passed |= here == code;
        }
        return kept.build();
    }

    private static EncodeLimits randomLimits(int seed) {
        RandomGenerator random = RandomPackets.generator(~seed);
        int client = 300 + random.nextInt(500);
        return new EncodeLimits(client, client + random.nextInt(300), random.nextInt(4) != 0);
    }

    /** The rendering without some options and without regard to order, which overload may change. */
    private static List<String> sortedLines(Packet packet, List<Integer> without) {
        OptionsBuilder options = packet.options().toBuilder();
        without.forEach(options::remove);
        List<String> lines = new ArrayList<>();
        Options kept = options.build();
        for (int i = 0; i < kept.size(); i++) {
            lines.add(kept.codeAt(i) + " " + Arrays.toString(kept.valueAt(i)));
        }
        lines.sort(null);
        lines.add(packet.toBuilder().options(Options.EMPTY).build().toString());
        return lines;
    }

    @ParameterizedTest
    @MethodSource("wellFormedNames")
    void aGoldenPacketIsStableFromItsFirstEncodingOn(String name) {
        Packet packet = GoldenPackets.packet(name);
        Encoded first = PacketCodec.encode(packet, WIDE, target);
        byte[] once = Arrays.copyOf(target, first.length());
        Packet back = decoded(first);
        assertThat(back).isEqualTo(packet);
        Encoded second = PacketCodec.encode(back, WIDE, target);
        assertThat(Arrays.copyOf(target, second.length())).isEqualTo(once);
    }

    @Test
    void aClientsOwnBytesComeBackWhereTheyHadNothingToUndo() {
        for (String name : GoldenPackets.names()) {
            if (name.startsWith("captured-") && !name.contains("dnsmasq")) {
                byte[] sent = GoldenPackets.datagram(name);
                Encoded encoded = PacketCodec.encode(GoldenPackets.packet(name), WIDE, target);
                assertThat(Arrays.copyOf(target, encoded.length())).as(name).startsWith(Arrays.copyOf(sent, 240));
            }
        }
    }
}
