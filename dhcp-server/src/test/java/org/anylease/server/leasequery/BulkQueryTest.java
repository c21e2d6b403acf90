package org.anylease.server.leasequery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.anylease.server.leasequery.BulkQuery.By;
import org.anylease.server.leasequery.BulkQuery.Parsed;
import org.anylease.server.wire.Decoded;
import org.anylease.server.wire.EncodeLimits;
import org.anylease.server.wire.HardwareAddress;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Options;
import org.anylease.server.wire.OptionsBuilder;
import org.anylease.server.wire.Packet;
import org.anylease.server.wire.PacketBuilder;
import org.anylease.server.wire.PacketCodec;
import org.anylease.server.wire.RelayInformation;
import org.anylease.store.address.Ipv4;
import org.junit.jupiter.api.Test;

/** A bulk query asks for one thing, whatever is sent. */
class BulkQueryTest {
    private static final int QUERIES = 5000;

    private static byte[] octets(Random random) {
        byte[] octets = new byte[1 + random.nextInt(20)];
        random.nextBytes(octets);
        return octets;
    }

    @Test
    void isUnderstoodExactlyWhenItNamesOneThingOrNone() {
        Random random = new Random(6926);
        for (int i = 0; i < QUERIES; i++) {
            OptionsBuilder options = Options.builder().messageType(MessageType.BULKLEASEQUERY);
            PacketBuilder packet = Packet.builder().xid(i);
            int named = 0;
            if (random.nextInt(4) == 0) {
                options.bytes(OptionCode.CLIENT_ID, octets(random));
                named++;
            }
            if (random.nextInt(4) == 0) {
                packet.hardware(HardwareAddress.of(1, (byte) 2, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) i));
                named++;
            }
            if (random.nextInt(4) == 0) {
                packet.giaddr(Ipv4.parse("10.0.0.1"));
                named++;
            }
            if (random.nextInt(4) == 0) {
                int code = random.nextBoolean() ? RelayInformation.RELAY_ID : RelayInformation.REMOTE_ID;
                options.relayInformation(RelayInformation.of((byte) code, (byte) 1, (byte) i));
                named++;
            }
            Parsed parsed = BulkQuery.parse(packet.options(options.build()).build());
            assertThat(parsed instanceof Parsed.Understood).as("query %s", i).isEqualTo(named <= 1);
            if (parsed instanceof Parsed.Understood(BulkQuery query)) {
                assertThat(query.by() instanceof By.Everything).isEqualTo(named == 0);
            }
        }
    }

    @Test
    void tripsOverNothingThatCanBeDecoded() {
        Random random = new Random(4388);
        Packet packet = Packet.builder()
                .options(Options.builder()
                        .messageType(MessageType.BULKLEASEQUERY)
                        .bytes(OptionCode.CLIENT_ID, (byte) 0, (byte) 1)
                        .u32(OptionCode.QUERY_START_TIME, 1)
                        .u32(OptionCode.QUERY_END_TIME, 2)
                        .relayInformation(RelayInformation.of(
                                (byte) 12, (byte) 2, (byte) 7, (byte) 2, (byte) 5, (byte) 4, (byte) 10, (byte) 0,
                                (byte) 0, (byte) 0))
                        .build())
                .build();
        byte[] message = new byte[576];
        int length = PacketCodec.encode(packet, EncodeLimits.of(576), message).length();
        int decoded = 0;
        for (int i = 0; i < QUERIES; i++) {
            byte[] bent = message.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                int at = random.nextBoolean() ? random.nextInt(length) : 240 + random.nextInt(40);
                bent[at] = (byte) random.nextInt(256);
            }
            if (PacketCodec.decode(bent, 0, length) instanceof Decoded.Ok(Packet ours)) {
                decoded++;
                assertThat(BulkQuery.parse(ours)).isNotNull();
            }
        }
        assertThat(decoded).isGreaterThan(QUERIES / 4);
    }
}
