package org.anylease.store.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.codec.EntryCodec;
import org.anylease.store.codec.UnreadableException;
import org.anylease.store.command.Batch;
import org.anylease.store.command.LeaseCommand.NoteDns;
import org.anylease.store.command.Outcome;
import org.anylease.store.dns.DnsEntry;
import org.anylease.store.dns.DnsRecord;
import org.anylease.store.dns.DnsRecord.Phase;
import org.anylease.store.dns.DnsRecord.Style;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is on record about DNS changes only on the strength of what is there, and survives a restart. */
final class DnsLedgerTest {
    private static final Ipv4 ADDRESS = Ipv4.parse("10.0.0.10");
    private static final DnsRecord ADDING =
            new DnsRecord(Phase.ADDING, "printer.example.net", Octets.parseHex("000201aa"), Style.STANDARD, true);

    private final Cells.Driver cell = new Cells.Driver();

    @BeforeEach
    void configure() {
        cell.configure(Cells.network("lan", true, Cells.subnet("10.0.0.0/24", List.of("10.0.0.10-10.0.0.20"))));
    }

    private DnsEntry now() {
        return cell.table.dns().of(ADDRESS).orElseThrow();
    }

    @Test
    void recordTakesThePlaceOfTheOneThatTheProposerSaw() {
        assertThat(cell.run(new NoteDns(ADDRESS, LogIndex.NONE, ADDING))).isEqualTo(new Outcome.Done(1));
        DnsEntry adding = now();
        assertThat(adding.record()).isEqualTo(ADDING);
        assertThat(adding.since()).isEqualTo(cell.table.time());
        DnsRecord present = ADDING.in(Phase.PRESENT);
        assertThat(cell.run(new NoteDns(ADDRESS, adding.index(), present))).isEqualTo(new Outcome.Done(1));
        assertThat(now().record()).isEqualTo(present);
        assertThat(cell.run(new NoteDns(ADDRESS, now().index(), null))).isEqualTo(new Outcome.Done(1));
        assertThat(cell.table.dns().of(ADDRESS)).isEmpty();
    }

    @Test
    void serverThatSentUpdatesBeforeChangesNothingAnyMore() {
        cell.run(new NoteDns(ADDRESS, LogIndex.NONE, ADDING));
        LogIndex seen = now().index();
        cell.run(new NoteDns(ADDRESS, seen, ADDING.in(Phase.REMOVING)));
        DnsEntry removing = now();
        assertThat(cell.run(new NoteDns(ADDRESS, seen, ADDING.in(Phase.PRESENT))))
                .isEqualTo(new Outcome.Done(0));
        assertThat(cell.run(new NoteDns(ADDRESS, LogIndex.NONE, ADDING))).isEqualTo(new Outcome.Done(0));
        assertThat(now()).isEqualTo(removing);
    }

    @Test
    void recordsAreRestoredAndTheirDigestIsTheSame() throws UnreadableException {
        for (int host = 10; host < 15; host++) {
            cell.run(new NoteDns(new Ipv4(ADDRESS.bits() - 10 + host), LogIndex.NONE, ADDING));
        }
        List<StateChanges.Change> stored = new ArrayList<>();
        cell.table.takeChanges().changes().stream()
                .filter(change -> change.value() != null)
                .forEach(stored::add);
        LeaseTable restored = LeaseTable.restore(Cells.CELL, stored);
        assertThat(restored.digest()).isEqualTo(cell.table.digest());
        assertThat(restored.dns().from(Ipv4.UNSPECIFIED, 100))
                .isEqualTo(cell.table.dns().from(Ipv4.UNSPECIFIED, 100))
                .hasSize(5);
        assertThat(restored.dns().from(Ipv4.parse("10.0.0.12"), 2))
                .extracting(DnsEntry::address)
                .containsExactly(Ipv4.parse("10.0.0.12"), Ipv4.parse("10.0.0.13"));
    }

    @Test
    void recordOfAnUnknownVersionIsRefusedByName() {
        cell.run(new NoteDns(ADDRESS, LogIndex.NONE, ADDING));
        List<StateChanges.Change> stored = new ArrayList<>();
        for (StateChanges.Change change : cell.table.takeChanges().changes()) {
            byte[] value = change.value();
            if (change.key()[0] == StoredKeys.DNS && value != null) {
                byte[] other = value.clone();
                other[0] = 9;
                stored.add(new StateChanges.Change(change.key(), other));
            }
        }
        assertThat(stored).hasSize(1);
        assertThatThrownBy(() -> LeaseTable.restore(Cells.CELL, stored))
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining("version 9");
    }

    @Test
    void commandsSurviveTheirBytes() throws UnreadableException {
        List<NoteDns> commands = new ArrayList<>();
        commands.add(new NoteDns(ADDRESS, LogIndex.NONE, null));
        for (Phase phase : Phase.values()) {
            for (Style style : Style.values()) {
                commands.add(new NoteDns(
                        ADDRESS,
                        new LogIndex(77),
                        new DnsRecord(phase, "a.example", Octets.of((byte) 1), style, style == Style.INTERIM)));
            }
        }
        Batch batch = new Batch(Cells.DC1, 1, List.copyOf(commands));
        assertThat(EntryCodec.decodeBatch(ByteBuffer.wrap(EntryCodec.encodeBatch(batch))))
                .isEqualTo(batch);
    }
}
