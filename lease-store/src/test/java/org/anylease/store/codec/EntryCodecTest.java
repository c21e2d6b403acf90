package org.anylease.store.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.Batch;
import org.anylease.store.command.BatchApplied;
import org.anylease.store.command.Entry;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome;
import org.anylease.store.command.PromiseEnding;
import org.anylease.store.command.PromiseRule;
import org.anylease.store.command.RequestKind;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.RuntimeReservation;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.ClassMembership;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;
import org.anylease.store.lease.Offer;
import org.anylease.store.state.Cells;
import org.junit.jupiter.api.Test;

/** Entries and outcomes survive their bytes; damaged bytes are refused and nothing else; the bytes stay the same. */
class EntryCodecTest {
    private static final Instant TIME = Instant.parse("2026-03-01T10:00:00.123Z");
    private static final LeaseClient CLIENT = new LeaseClient(
            new ClientId(ClientId.Kind.CLIENT_IDENTIFIER, Octets.parseHex("ff0102030405")),
            Octets.parseHex("01020000000a"),
            "büro-7",
            Octets.parseHex("010203"),
            Ipv4.parse("10.1.0.1"));

    private static Binding binding() {
        return new Binding(
                Ipv4.parse("10.0.0.9"),
                BindingState.RELEASED,
                new LogIndex(300),
                CLIENT,
                TIME,
                TIME.plusSeconds(3600),
                TIME.plusSeconds(90_000),
                TIME.minusSeconds(5),
                new ServerId("dc1-a"),
                3,
                0,
                new Offer(Cells.client(4), TIME.plusSeconds(30), new ServerId("dc2-a")));
    }

    private static final List<ClassMembership> CLASSES = List.of(
            new ClassMembership("phones", Octets.EMPTY), new ClassMembership("per-port", Octets.parseHex("0007")));

    /** What format 1 could say. */
    private static Entry firstEntry(CellConfig config, LogIndex settled) {
        Ipv4 address = Ipv4.parse("10.0.0.9");
        return new Entry(
                TIME,
                List.of(
                        new Batch(
                                Cells.DC1,
                                1,
                                List.of(
                                        new LeaseCommand.OfferAddress(CLIENT, "lan", address, null),
                                        new LeaseCommand.OfferAddress(Cells.client(1), "lan", null, address),
                                        new LeaseCommand.CommitLease(
                                                CLIENT, "lan", address, RequestKind.REBINDING, Duration.ofSeconds(77)),
                                        new LeaseCommand.CommitLease(
                                                CLIENT, "lan", address, RequestKind.SELECTING, null),
                                        new LeaseCommand.ReleaseLease(CLIENT.id(), address, new LogIndex(5)),
                                        new LeaseCommand.DeclineAddress(CLIENT.id(), address, new LogIndex(6)))),
                        new Batch(
                                Cells.DC2,
                                9_999_999_999L,
                                List.of(
                                        new LeaseCommand.CancelOffer(CLIENT.id()),
                                        new LeaseCommand.ExpireDue(500, settled),
                                        new LeaseCommand.ApplyConfig(config, 6, "operator", Octets.parseHex("1f8b")),
                                        new LeaseCommand.RestoreBindings(
                                                List.of(binding(), Binding.neverUsed(Ipv4.parse("10.0.0.10"), 12)))))));
    }

    private static Entry entry() {
        return thirdEntry(FormatConfigs.fourth());
    }

    /** What format 3 could say, around a configuration. */
    private static Entry thirdEntry(CellConfig config) {
        List<Batch> batches = new ArrayList<>(entry(config).batches());
        batches.add(new Batch(
                Cells.DC1,
                2,
                List.of(new LeaseCommand.CommitLease(
                        CLIENT.in(CLASSES), "lan", Ipv4.parse("10.0.0.9"), RequestKind.RENEWING, null))));
        Ipv4 address = Ipv4.parse("10.0.0.9");
        batches.add(new Batch(
                Cells.DC1,
                3,
                List.of(
                        new LeaseCommand.ReserveAddresses(
                                List.of(
                                        new RuntimeReservation(address, CLIENT.id(), "printer", "operator", TIME),
                                        new RuntimeReservation(
                                                Ipv4.parse("10.0.0.10"),
                                                Cells.client(1).id(),
                                                null,
                                                "",
                                                TIME)),
                                true),
                        new LeaseCommand.UnreserveAddresses(List.of(
                                new RuntimeReservation(address, CLIENT.id(), null, "operator", Instant.EPOCH))))));
        return new Entry(TIME, batches);
    }

    /** What format 2 could say, around a configuration. */
    private static Entry entry(CellConfig config) {
        Ipv4 address = Ipv4.parse("10.0.0.9");
        List<Batch> batches =
                new ArrayList<>(firstEntry(config, new LogIndex(12)).batches());
        batches.add(new Batch(
                Cells.DC1_B,
                3,
                List.of(
                        new LeaseCommand.CommitPromise(
                                CLIENT,
                                "lan",
                                address,
                                TIME.plusSeconds(600),
                                new LogIndex(7),
                                PromiseRule.R3_ESCROW,
                                PromiseEnding.DECLINED,
                                TIME),
                        new LeaseCommand.GrantEscrow(new ServerId("dc1-b"), "lan", 40),
                        new LeaseCommand.ReturnEscrow(new ServerId("dc1-b"), address, new LogIndex(8), true),
                        new LeaseCommand.DeclareDown(new ServerId("dc2-a"), "operator"),
                        new LeaseCommand.UndoDeclareDown(new ServerId("dc2-a"), "operator"),
                        new LeaseCommand.RecoverCell(new ServerId("dc1-b"), "operator"),
                        new LeaseCommand.ClearConflict(address, new LogIndex(9))),
                TIME.plusMillis(300)));
        return new Entry(TIME, batches);
    }

    private static BatchApplied outcomes() {
        Ipv4 address = Ipv4.parse("10.0.0.9");
        return new BatchApplied(
                Cells.DC1,
                42,
                List.of(
                        new Outcome.Offered(address, Duration.ofHours(1), true),
                        new Outcome.NoAddress(),
                        new Outcome.Bound(address, Duration.ofHours(2), TIME, new LogIndex(9), 255),
                        new Outcome.Refused(Outcome.Refused.Reason.TAKEN),
                        new Outcome.Refused(Outcome.Refused.Reason.NOT_LEASABLE),
                        new Outcome.Refused(Outcome.Refused.Reason.ABANDONED),
                        new Outcome.Refused(Outcome.Refused.Reason.OTHER_ADDRESS),
                        new Outcome.NotKnown(),
                        new Outcome.Done(3),
                        new Outcome.Superseded(8),
                        new Outcome.Merged(Outcome.Merged.Result.TAKEN),
                        new Outcome.Merged(Outcome.Merged.Result.OBSOLETE),
                        new Outcome.Merged(Outcome.Merged.Result.CONFLICT),
                        new Outcome.Lapsed(),
                        new Outcome.Refused(Outcome.Refused.Reason.CLASS_FULL),
                        new Outcome.NotReserved(address, Outcome.NotReserved.Obstacle.CLIENT_HAS_ANOTHER, address),
                        new Outcome.NotReserved(address, Outcome.NotReserved.Obstacle.HELD, null)));
    }

    private static byte[] encoded() {
        return EntryCodec.assemble(
                TIME, entry().batches().stream().map(EntryCodec::encodeBatch).toList());
    }

    @Test
    void readsBackWhatItWrote() throws Exception {
        assertThat(EntryCodec.decodeEntry(ByteBuffer.wrap(encoded()))).isEqualTo(entry());
        assertThat(EntryCodec.decodeOutcomes(ByteBuffer.wrap(EntryCodec.encodeOutcomes(outcomes()))))
                .isEqualTo(outcomes());
        ByteBuffer direct =
                ByteBuffer.allocateDirect(encoded().length).put(encoded()).flip();
        assertThat(EntryCodec.decodeEntry(direct)).isEqualTo(entry());
        assertThat(direct.position()).isZero();
    }

    @Test
    void readsBackBindingsOfEveryState() throws Exception {
        for (BindingState state : BindingState.values()) {
            Binding like = binding();
            Binding binding = new Binding(
                    like.address(),
                    state,
                    like.index(),
                    like.client(),
                    Instant.EPOCH,
                    like.end(),
                    Instant.EPOCH,
                    like.lastSeen(),
                    null,
                    0,
                    Long.MAX_VALUE,
                    null);
            ByteWriter out = new ByteWriter();
            BindingCodec.encode(binding, out);
            ByteReader in = new ByteReader("binding", out.array(), 0, out.length());
            assertThat(BindingCodec.decode(binding.address(), in)).isEqualTo(binding);
            in.end();
        }
    }

    @Test
    void refusesEveryTruncation() {
        byte[] bytes = encoded();
        for (int length = 0; length < bytes.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(bytes, 0, length);
            assertThatThrownBy(() -> EntryCodec.decodeEntry(cut)).isInstanceOf(UnreadableException.class);
        }
        byte[] outcomes = EntryCodec.encodeOutcomes(outcomes());
        for (int length = 0; length < outcomes.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(outcomes, 0, length);
            assertThatThrownBy(() -> EntryCodec.decodeOutcomes(cut)).isInstanceOf(UnreadableException.class);
        }
    }

    @Test
    void throwsNothingElseHoweverTheBytesAreDamaged() {
        Random random = new Random(20260301);
        byte[] whole = encoded();
        int refused = 0;
        int runs = 20_000;
        for (int i = 0; i < runs; i++) {
            byte[] bytes = whole.clone();
            for (int changes = random.nextInt(3); changes >= 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                EntryCodec.decodeEntry(ByteBuffer.wrap(bytes));
            } catch (UnreadableException e) {
                refused++;
            } catch (RuntimeException e) {
                throw new AssertionError("decoding " + HexFormat.of().formatHex(bytes), e);
            }
        }
        assertThat(refused).isBetween(runs / 20, runs - 1);
    }

    @Test
    void refusesAnUnknownVersionByName() {
        byte[] newer = encoded();
        newer[0] = 9;
        assertThatThrownBy(() -> EntryCodec.decodeEntry(ByteBuffer.wrap(newer)))
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining("entry has format version 9")
                .hasMessageContaining("knows version 3");
        byte[] batch = EntryCodec.encodeBatch(entry().batches().getFirst());
        batch[0] = 4;
        byte[] entry = EntryCodec.assemble(TIME, List.of(batch));
        assertThatThrownBy(() -> EntryCodec.decodeEntry(ByteBuffer.wrap(entry)))
                .hasMessageContaining("batch has format version 4");
        ByteWriter out = new ByteWriter();
        BindingCodec.encode(binding(), out);
        byte[] record = out.toArray();
        record[0] = (byte) ((record[0] & 15) | (2 << 4));
        assertThatThrownBy(() -> BindingCodec.decode(
                        Ipv4.parse("10.0.0.9"), new ByteReader("binding", record, 0, record.length)))
                .hasMessageContaining("binding record has format version 2");
    }

    /** If this fails, the format has changed: count the version up, keep reading the old one, add a file. */
    @Test
    void writesTheSameBytesAsEver() throws Exception {
        String found = "entry " + HexFormat.of().formatHex(encoded()) + "\noutcomes "
                + HexFormat.of().formatHex(EntryCodec.encodeOutcomes(outcomes())) + "\n";
        assertThat(found).isEqualTo(golden("format-4.hex", found));
    }

    @Test
    void readsWhatTheFirstFormatSaid() throws Exception {
        String[] lines = golden("format-1.hex", "").split("\n", -1);
        byte[] entry = HexFormat.of().parseHex(lines[0].substring("entry ".length()));
        assertThat(EntryCodec.decodeEntry(ByteBuffer.wrap(entry)))
                .as("where nothing is settled, and nothing is ever void")
                .isEqualTo(firstEntry(FormatConfigs.first(), LogIndex.NONE));
        byte[] outcomes = HexFormat.of().parseHex(lines[1].substring("outcomes ".length()));
        BatchApplied now = outcomes();
        assertThat(EntryCodec.decodeOutcomes(ByteBuffer.wrap(outcomes)))
                .isEqualTo(new BatchApplied(
                        now.origin(), now.sequence(), now.outcomes().subList(0, 10)));
    }

    @Test
    void readsWhatTheSecondFormatSaid() throws Exception {
        String[] lines = golden("format-2.hex", "").split("\n", -1);
        byte[] entry = HexFormat.of().parseHex(lines[0].substring("entry ".length()));
        assertThat(EntryCodec.decodeEntry(ByteBuffer.wrap(entry)))
                .as("where no client has classes")
                .isEqualTo(entry(FormatConfigs.second()));
        byte[] outcomes = HexFormat.of().parseHex(lines[1].substring("outcomes ".length()));
        BatchApplied now = outcomes();
        assertThat(EntryCodec.decodeOutcomes(ByteBuffer.wrap(outcomes)))
                .isEqualTo(new BatchApplied(
                        now.origin(), now.sequence(), now.outcomes().subList(0, 14)));
    }

    @Test
    void readsWhatTheThirdFormatSaid() throws Exception {
        String[] lines = golden("format-3.hex", "").split("\n", -1);
        byte[] entry = HexFormat.of().parseHex(lines[0].substring("entry ".length()));
        assertThat(EntryCodec.decodeEntry(ByteBuffer.wrap(entry)))
                .as("where nothing is computed")
                .isEqualTo(thirdEntry(FormatConfigs.third()));
        byte[] outcomes = HexFormat.of().parseHex(lines[1].substring("outcomes ".length()));
        assertThat(EntryCodec.decodeOutcomes(ByteBuffer.wrap(outcomes))).isEqualTo(outcomes());
    }

    private static String golden(String file, String found) throws Exception {
        try (InputStream golden = EntryCodecTest.class.getResourceAsStream("/golden/" + file)) {
            assertThat(golden)
                    .as("golden/%s, expected to hold\n%s", file, found)
                    .isNotNull();
            return new String(golden.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
