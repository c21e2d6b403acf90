package org.anylease.server.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.anylease.store.address.Ipv4;

/** Packets by chance, from a seed: well formed, and with nothing that one option may not hold. */
final class RandomPackets {
    private final RandomGenerator random;

    RandomPackets(long seed) {
        random = generator(seed);
    }

    /** The generator every seeded test here draws from. */
    static RandomGenerator generator(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    /** A packet whose values have at most so many bytes; its relay information, if any, stands last. */
    Packet next(int valueBytesMax) {
        PacketBuilder packet = Packet.builder()
                .op(random.nextBoolean() ? BootpOp.REQUEST : BootpOp.REPLY)
                .hardware(HardwareAddress.of(random.nextInt(256), bytes(random.nextInt(17))))
                .hops(random.nextInt(256))
                .xid(random.nextInt())
                .secs(random.nextInt(65536))
                .flags(random.nextInt(65536))
                .ciaddr(address())
                .yiaddr(address())
                .siaddr(address())
                .giaddr(address());
        if (random.nextInt(3) == 0) {
            packet.sname(bytes(random.nextInt(Packet.SNAME_BYTES_MAX + 1)));
        }
        if (random.nextInt(3) == 0) {
            packet.file(bytes(random.nextInt(Packet.FILE_BYTES_MAX + 1)));
        }
        return packet.options(options(valueBytesMax)).build();
    }

    private Options options(int valueBytesMax) {
        OptionsBuilder options = Options.builder();
        if (random.nextInt(8) != 0) {
            options.messageType(MessageType.of(1 + random.nextInt(18)).orElseThrow());
        }
        int count = random.nextInt(12);
        for (int i = 0; i < count; i++) {
            int code = 1 + random.nextInt(254);
            if (code != OptionCode.OVERLOAD
                    && code != OptionCode.MESSAGE_TYPE
                    && code != OptionCode.RELAY_AGENT_INFORMATION) {
                options.bytes(code, bytes(length(valueBytesMax)));
            }
        }
        if (random.nextInt(3) == 0) {
            options.relayInformation(relayInformation(length(valueBytesMax)));
        }
        return options.build();
    }

    /** Mostly short, at times anything up to the bound. */
    private int length(int max) {
        return random.nextInt(4) == 0 ? random.nextInt(max + 1) : random.nextInt(Math.min(max, 16) + 1);
    }

    private RelayInformation relayInformation(int bytesMax) {
        List<byte[]> parts = new ArrayList<>();
        int length = 0;
        do {
            byte[] value = bytes(random.nextInt(Math.clamp(bytesMax - length - 2, 1, 60)));
            parts.add(value);
            length += 2 + value.length;
        } while (length + 2 < bytesMax);
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] value : parts) {
            all[at++] = (byte) (random.nextBoolean() ? RelayInformation.CIRCUIT_ID : RelayInformation.REMOTE_ID);
            all[at++] = (byte) value.length;
            System.arraycopy(value, 0, all, at, value.length);
            at += value.length;
        }
        return RelayInformation.of(all);
    }

    private Ipv4 address() {
        return random.nextBoolean() ? Ipv4.UNSPECIFIED : new Ipv4(random.nextInt());
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
