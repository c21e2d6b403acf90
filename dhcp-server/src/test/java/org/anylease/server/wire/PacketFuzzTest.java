package org.anylease.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * Golden packets, broken at random: whatever arrives is a packet or a reason, and a packet can be sent again.
 *
 * <p>{@code -Dfuzz.packets=N} sets how many, {@code -Dfuzz.seed=S} which. A failure names the seed and the packet.
 */
class PacketFuzzTest {
    private static final long PACKETS = Long.getLong("fuzz.packets", 10_000_000);
    private static final long SEED = Long.getLong("fuzz.seed", 20_260_101);

    /** Leaves out the one golden packet that is refused for its length alone: copying it would be most of the work. */
    private static final int MUTATED_BYTES_MAX = 4_000;

    private static final EncodeLimits WIDE = EncodeLimits.of(PacketCodec.DATAGRAM_BYTES_MAX);
    private static final EncodeLimits NARROW = new EncodeLimits(548, 1472, true);

    /** Bytes that mean something to the codec. */
    private static final int[] TELLING = {0, 1, 2, 3, 4, 16, 17, 52, 53, 54, 82, 90, 127, 128, 254, 255};

    private final List<byte[]> seeds = GoldenPackets.names().stream()
            .map(GoldenPackets::datagram)
            .filter(seed -> seed.length <= MUTATED_BYTES_MAX)
            .toList();
    private final byte[] datagram = new byte[MUTATED_BYTES_MAX];
    private final byte[] target = new byte[PacketCodec.DATAGRAM_BYTES_MAX];
    private long read;

    @Test
    void whateverArrivesIsAPacketOrAReason() {
        RandomGenerator random = RandomPackets.generator(SEED);
        long accepted = 0;
        for (long i = 0; i < PACKETS; i++) {
            int length = mutate(random);
            try {
                if (PacketCodec.decode(datagram, 0, length) instanceof Decoded.Ok ok) {
                    accepted++;
                    check(ok.packet(), i);
                }
            } catch (RuntimeException | AssertionError e) {
                String hex = HexFormat.of().formatHex(datagram, 0, length);
                throw new AssertionError("seed " + SEED + ", packet " + i + ": " + hex, e);
            }
        }
        assertThat(accepted).as("accepted of %s", PACKETS).isBetween(PACKETS / 20, PACKETS * 19 / 20);
        assertThat(read).isNotZero();
    }

    /** An accepted packet can be read throughout, and comes back the same from its own encoding. */
    private void check(Packet packet, long i) {
        Encoded encoded = PacketCodec.encode(packet, WIDE, target);
        if (!(PacketCodec.decode(target, 0, encoded.length()) instanceof Decoded.Ok back)) {
            throw new AssertionError("what was encoded is malformed");
        }
        if (!encoded.droppedCodes().isEmpty()
                || !back.packet().equals(packet) && !back.packet().equals(relayLast(packet))) {
            throw new AssertionError("changed: " + packet + back.packet());
        }
        readAll(packet);
        if (i % 64 == 0) {
            Encoded narrow = PacketCodec.encode(packet, NARROW, target);
            if (!(PacketCodec.decode(target, 0, narrow.length()) instanceof Decoded.Ok fitted)
                    || narrow.length() > 1472
                    || fitted.packet().options().size() + narrow.droppedCodes().size()
                            != packet.options().size()) {
                throw new AssertionError("does not fit well: " + packet);
            }
            read += PacketText.of(packet).length();
        }
    }

    private static Packet relayLast(Packet packet) {
        OptionsBuilder options = packet.options().toBuilder().remove(OptionCode.RELAY_AGENT_INFORMATION);
        packet.relayInformation().ifPresent(options::relayInformation);
        return packet.toBuilder().options(options.build()).build();
    }

    private void readAll(Packet packet) {
        Options options = packet.options();
        read += options.malformedCodes().size()
                + options.u32(OptionCode.ADDRESS_TIME).orElse(0)
                + options.u16(OptionCode.MAXIMUM_MESSAGE_SIZE).orElse(0)
                + options.u8(OptionCode.FORWARD_ON_OFF).orElse(0)
                + options.ipv4List(OptionCode.ROUTER).size()
                + options.string(OptionCode.HOSTNAME).map(String::length).orElse(0)
                + options.ipv4(OptionCode.ADDRESS_REQUEST).map(a -> a.bits()).orElse(0)
                + packet.serverName().map(String::length).orElse(0)
                + packet.hardware().bytes().length;
        packet.relayInformation()
                .ifPresent(relay -> read += relay.codes().size()
                        + relay.linkSelection().map(a -> a.bits()).orElse(0)
                        + relay.serverIdOverride().map(a -> a.bits()).orElse(0)
                        + relay.flags().orElse(0)
                        + relay.virtualSubnetObeyed().bytes().length);
    }

    /** Copies a seed and breaks it in one to four places; answers its length. */
    private int mutate(RandomGenerator random) {
        byte[] seed = seeds.get(random.nextInt(seeds.size()));
        System.arraycopy(seed, 0, datagram, 0, seed.length);
        int length = seed.length;
        for (int left = 1 + random.nextInt(4); left > 0; left--) {
            length = mutateOnce(random, length);
        }
        return length;
    }

    private int mutateOnce(RandomGenerator random, int length) {
        if (length == 0) {
            return 0;
        }
        // Half of the breaks hit the options, where most of the code looks.
        int at = random.nextBoolean() && length > 240 ? 236 + random.nextInt(length - 236) : random.nextInt(length);
        switch (random.nextInt(8)) {
            case 0 -> datagram[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> datagram[at] = (byte) TELLING[random.nextInt(TELLING.length)];
            case 2 -> datagram[at] = (byte) random.nextInt();
            case 3 -> datagram[at]++;
            case 4 -> {
                return random.nextInt(4) == 0 ? at : length;
            }
            case 5 -> {
                int gone = Math.min(length - at, 1 + random.nextInt(8));
                System.arraycopy(datagram, at + gone, datagram, at, length - at - gone);
                return length - gone;
            }
            case 6 -> {
                int size = Math.min(1 + random.nextInt(300), Math.min(length - at, MUTATED_BYTES_MAX - length));
                System.arraycopy(datagram, at, datagram, at + size, length - at);
                return length + size;
            }
            default -> {
                byte[] other = seeds.get(random.nextInt(seeds.size()));
                int from = random.nextInt(other.length);
                System.arraycopy(
                        other,
                        from,
                        datagram,
                        at,
                        Math.min(1 + random.nextInt(64), Math.min(other.length - from, length - at)));
            }
        }
        return length;
    }

    @Test
    void theWorstDatagramTakesNoMoreThanItsSizeAllows() {
        byte[] worst = Arrays.copyOf(GoldenPackets.datagram("discover"), PacketCodec.DATAGRAM_BYTES_MAX);
        for (int at = HeaderLayout.OPTIONS; at < worst.length; at += 2) {
            worst[at] = (byte) (60 + at / 2 % 20);
            worst[at + 1] = 0;
        }
        int rounds = 2_000;
        long start = System.nanoTime();
        for (int i = 0; i < rounds; i++) {
            assertThat(PacketCodec.decode(worst, 0, worst.length)).isInstanceOf(Decoded.Ok.class);
        }
        assertThat((System.nanoTime() - start) / rounds)
                .as("ns for 4380 empty options")
                .isLessThan(2_000_000);
    }

    @Test
    void decodingAllocatesLittleMoreThanThePacketItself() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (byte[] seed : seeds) {
            PacketCodec.decode(seed, 0, seed.length);
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 100; i++) {
                read += PacketCodec.decode(seed, 0, seed.length).hashCode() & 1;
            }
            long each = (threads.getCurrentThreadAllocatedBytes() - before) / 100;
            assertThat(each).isLessThan(4_000 + 2L * seed.length);
        }
    }
}
