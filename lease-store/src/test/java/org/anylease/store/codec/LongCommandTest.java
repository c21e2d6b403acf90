package org.anylease.store.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.Batch;
import org.anylease.store.command.Entry;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.Reservation;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;
import org.anylease.store.state.Cells;
import org.junit.jupiter.api.Test;

/** Commands that are long: they fit an entry of the log as far as may be, and survive their bytes. */
class LongCommandTest {
    private static LeaseCommand reservations(int count) {
        List<Reservation> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(Cells.reservation(new Ipv4(0x0a000001 + i).toString(), Cells.client(i)));
        }
        CellConfig config = Cells.config(
                1, Cells.network("lan", true, Cells.subnet("10.0.0.0/8", List.of(), all.toArray(Reservation[]::new))));
        return new LeaseCommand.ApplyConfig(config, 0, "kim", Octets.parseHex("1f8b"));
    }

    private static byte[] entry(LeaseCommand command) {
        return EntryCodec.assemble(
                Instant.EPOCH, List.of(EntryCodec.encodeBatch(new Batch(Cells.DC1, 1, List.of(command)))));
    }

    @Test
    void fiftyThousandReservationsFitAnEntryCompressed() throws Exception {
        LeaseCommand command = reservations(50_000);
        assertThat(EntryCodec.encodedBytes(command)).isLessThan(EntryCodec.COMMAND_BYTES_MAX);
        assertThat(EntryCodec.decodeEntry(ByteBuffer.wrap(entry(command))))
                .isEqualTo(new Entry(Instant.EPOCH, List.of(new Batch(Cells.DC1, 1, List.of(command)))));
    }

    @Test
    void throwsNothingElseHoweverCompressedBytesAreDamaged() {
        byte[] whole = entry(reservations(3_000));
        Random random = new Random(20260302);
        int refused = 0;
        for (int i = 0; i < 300; i++) {
            byte[] bytes = whole.clone();
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                EntryCodec.decodeEntry(ByteBuffer.wrap(bytes));
            } catch (UnreadableException e) {
                refused++;
            } catch (RuntimeException e) {
                throw new AssertionError("decoding " + HexFormat.of().formatHex(bytes), e);
            }
        }
        assertThat(refused).isGreaterThan(100);
    }

    @Test
    void inflatesNoMoreThanItsBound() {
        ByteWriter bomb = new ByteWriter();
        bomb.varint(Deflated.INFLATED_BYTES_MAX + 1L);
        bomb.block(new byte[100_000]);
        assertThatThrownBy(
                        () -> Deflated.read("configuration", new ByteReader("entry", bomb.array(), 0, bomb.length())))
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining("announce");
        ByteWriter thin = new ByteWriter();
        thin.varint(1 << 20);
        thin.block(new byte[10]);
        assertThatThrownBy(
                        () -> Deflated.read("configuration", new ByteReader("entry", thin.array(), 0, thin.length())))
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining("announce");
    }

    /** As many as the admin side puts into one command, each as long as a binding can be. */
    @Test
    void fiveHundredOfTheLongestBindingsFitAnEntry() {
        LeaseClient client = new LeaseClient(
                new ClientId(ClientId.Kind.CLIENT_IDENTIFIER, Octets.of(new byte[255])),
                Octets.of(new byte[LeaseClient.HARDWARE_MAX]),
                "x".repeat(LeaseClient.HOSTNAME_MAX),
                Octets.of(new byte[LeaseClient.RELAY_INFORMATION_MAX]),
                Ipv4.parse("10.0.0.1"));
        Binding longest = new Binding(
                Ipv4.parse("10.0.0.9"),
                BindingState.ACTIVE,
                new LogIndex(Long.MAX_VALUE),
                client,
                Binding.TIME_MAX,
                Binding.TIME_MAX,
                Binding.TIME_MAX,
                Binding.TIME_MAX,
                new ServerId("a".repeat(20)),
                Binding.SITE_MOVES_MAX,
                Long.MAX_VALUE,
                null);
        LeaseCommand command = new LeaseCommand.RestoreBindings(Collections.nCopies(500, longest));
        assertThat(EntryCodec.encodedBytes(command)).isLessThan(EntryCodec.COMMAND_BYTES_MAX);
    }
}
