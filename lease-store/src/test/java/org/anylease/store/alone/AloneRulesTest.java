package org.anylease.store.alone;

import static org.anylease.store.state.Cells.DC1;
import static org.anylease.store.state.Cells.DC2;
import static org.anylease.store.state.Cells.client;
import static org.anylease.store.state.Cells.network;
import static org.anylease.store.state.Cells.reservation;
import static org.anylease.store.state.Cells.subnet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.anylease.store.address.AddressRange;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.address.Prefix;
import org.anylease.store.alone.JournalRecord.Claim;
import org.anylease.store.alone.JournalRecord.Promise;
import org.anylease.store.alone.JournalRecord.Reported;
import org.anylease.store.cell.Incarnation;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.codec.UnreadableException;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.PromiseEnding;
import org.anylease.store.command.PromiseRule;
import org.anylease.store.command.RequestKind;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.CellTimers;
import org.anylease.store.config.LeaseTimes;
import org.anylease.store.config.Member;
import org.anylease.store.config.Pool;
import org.anylease.store.config.PoolAccess;
import org.anylease.store.config.ReplySettings;
import org.anylease.store.config.Subnet;
import org.anylease.store.lease.Binding;
import org.anylease.store.state.Cells;
import org.anylease.store.state.Cells.Driver;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a server may promise alone, by example. */
class AloneRulesTest {
    private static final Ipv4 TEN = Ipv4.parse("10.0.0.10");
    private static final Duration HOUR = Duration.ofHours(1);
    private final Driver cell = new Driver();
    private final PromiseJournal journal = new PromiseJournal();

    @BeforeEach
    void configure() {
        cell.configure(network(
                "lan",
                true,
                subnet("10.0.0.0/24", List.of("10.0.0.10-10.0.0.33"), reservation("10.0.0.5", client(5)))));
        journal.append(LogIndex.NONE, List.of(rules().birth().orElseThrow()));
    }

    private AloneRules rules() {
        return new AloneRules(DC2.server(), cell.table, journal, cell.now);
    }

    private Optional<AlonePromise> lease(int client, Ipv4 address) {
        Optional<AlonePromise> promise = rules().lease(client(client), "lan", address, null);
        promise.ifPresent(made ->
                assertThat(journal.append(made.basedOn(), made.records())).isTrue());
        return promise;
    }

    private Binding bind(int client, Ipv4 address) {
        cell.run(new LeaseCommand.CommitLease(client(client), "lan", address, RequestKind.SELECTING, null));
        return cell.table.binding(address).orElseThrow();
    }

    private Ipv4 granted() {
        cell.run(new LeaseCommand.GrantEscrow(DC2.server(), "lan", 2));
        return cell.table.escrowOf(DC2.server(), "lan").getFirst();
    }

    @Test
    void extendsUpToMcltPastTheCommittedExpiryNeverItsOwn() {
        Binding bound = bind(1, TEN);
        assertThat(lease(2, TEN)).as("another's").isEmpty();
        cell.pass(Duration.ofDays(1).plusMinutes(30));
        AlonePromise promise = lease(1, TEN).orElseThrow();
        assertThat(promise.rule()).isEqualTo(PromiseRule.R2_EXTENSION);
        assertThat(promise.leaseTime()).as("an hour's lease, 24 h MCLT").isEqualTo(Duration.ofMinutes(30));
        assertThat(promise.until()).isEqualTo(bound.end().plus(Duration.ofDays(1)));
        cell.pass(Duration.ofMinutes(30));
        assertThat(lease(1, TEN)).isEmpty();
        assertThat(journal.pending()).hasSize(1);
    }

    /** Seed 32102: it was told nothing, though an address was set aside. */
    @Test
    void offersAnEscrowedAddressToAClientWhoseReservedOneAStrangerUses() {
        Ipv4 set = granted();
        Ipv4 reserved = Ipv4.parse("10.0.0.5");
        assertThat(rules().offer(client(5), "lan", null, _ -> false))
                .map(AlonePromise::address)
                .contains(reserved);
        assertThat(rules().offer(client(5), "lan", null, reserved::equals))
                .map(AlonePromise::address)
                .contains(set);
    }

    @Test
    void givesAnEscrowedAddressToOneClientAndToAnotherOnlyOnceTheFirstIsGone() {
        Ipv4 set = granted();
        AlonePromise offer = rules().offer(client(1), "lan", null, _ -> false).orElseThrow();
        assertThat(offer.address()).isEqualTo(set);
        assertThat(offer.held()).isFalse();
        assertThat(lease(1, set)).isPresent();
        assertThat(rules().offer(client(1), "lan", null, _ -> false)
                        .orElseThrow()
                        .held())
                .isTrue();
        cell.pass(HOUR.plusSeconds(10));
        assertThat(lease(2, set)).as("within twice the skew").isEmpty();
        cell.pass(Duration.ofMillis(1));
        assertThat(lease(2, set)).isPresent();
        Promise pending = journal.pending().getFirst();
        assertThat(pending.client()).isEqualTo(client(2));
        journal.append(cell.table.appliedIndex(), rules().beforeFlush(pending));
        assertThat(lease(2, set)).as("its commit is under way").isEmpty();
    }

    @Test
    void promisesNothingPastTheEndOfAGrant() {
        Ipv4 set = granted();
        cell.pass(Duration.ofDays(2).minusSeconds(20));
        assertThat(lease(1, set).orElseThrow().leaseTime()).isEqualTo(Duration.ofSeconds(20));
        cell.pass(Duration.ofMillis(19_500));
        assertThat(lease(1, set)).as("not a second is left").isEmpty();
    }

    @Test
    void promisesAReservedAddressToItsClientOnly() {
        Ipv4 five = Ipv4.parse("10.0.0.5");
        assertThat(lease(1, five)).isEmpty();
        assertThat(lease(5, five).orElseThrow().rule()).isEqualTo(PromiseRule.R4_RESERVATION);
    }

    @Test
    void saysWhyItPromisesNothing() {
        bind(1, TEN);
        assertThat(rules().fence(false)).contains(Fence.CLOCK_UNTRUSTED);
        assertThat(rules().fence(true)).isEmpty();
        assertThat(new AloneRules(new ServerId("stranger"), cell.table, journal, cell.now).fence(true))
                .contains(Fence.NOT_A_MEMBER);
        assertThat(new AloneRules(DC2.server(), cell.table, new PromiseJournal(), cell.now).fence(true))
                .contains(Fence.NEWBORN);
        LogIndex ahead = new LogIndex(cell.table.appliedIndex().value() + 1);
        journal.append(ahead, List.of(new Reported(ahead)));
        assertThat(rules().fence(true)).contains(Fence.BEHIND_ITS_REPORT);
        assertThat(lease(1, TEN)).isEmpty();
        cell.run(DC1, new LeaseCommand.DeclareDown(DC2.server(), "operator"));
        assertThat(rules().fence(true)).contains(Fence.DECLARED_DOWN);
    }

    @Test
    void refusesAnAppendThatWasDecidedOnAnOlderStateThanTheLastReport() {
        bind(1, TEN);
        AlonePromise promise = rules().lease(client(1), "lan", TEN, null).orElseThrow();
        LogIndex later = new LogIndex(cell.table.appliedIndex().value() + 1);
        journal.append(later, List.of(new Reported(later)));
        assertThat(journal.append(promise.basedOn(), promise.records())).isFalse();
        assertThat(journal.pending()).isEmpty();
    }

    @Test
    void reportsOnlyOnceAllItPromisedIsCommitted() {
        bind(1, TEN);
        lease(1, TEN);
        assertThat(rules().mayReport()).isEmpty();
        Promise pending = journal.pending().getFirst();
        cell.pass(Duration.ofSeconds(1));
        lease(1, TEN);
        assertThat(rules().afterFlush(pending))
                .as("more was promised meanwhile")
                .isEmpty();
        journal.append(
                cell.table.appliedIndex(), rules().afterFlush(journal.pending().getFirst()));
        assertThat(rules().mayReport()).contains(cell.table.appliedIndex());
    }

    @Test
    void reportsThatItIsAMemberNoLonger() {
        journal.append(cell.table.appliedIndex(), List.of(new JournalRecord.Reported(cell.table.appliedIndex())));
        CellConfig config = cell.table.config().orElseThrow();
        List<Member> others = config.members().stream()
                .filter(member -> !member.server().equals(DC2.server()))
                .toList();
        CellConfig without = new CellConfig(
                config.cell(),
                config.version() + 1,
                config.serverIdentifier(),
                config.aliases(),
                others,
                config.timers(),
                config.settings(),
                config.networks(),
                config.escrow());
        cell.run(new LeaseCommand.ApplyConfig(without, config.version(), "operator", Octets.EMPTY));
        assertThat(cell.table.awaited()).as("until it has reported").contains(DC2.server());
        assertThat(rules().fence(true)).contains(Fence.NOT_A_MEMBER);
        assertThat(rules().mayReport()).contains(cell.table.appliedIndex());
    }

    @Test
    void comesBackWithAnEmptyDiskOnlyOnceTheOldPromisesAreOver() {
        cell.run(new LeaseCommand.DeclareDown(DC2.server(), "operator"));
        assertThat(rules().comeback()).as("with its own journal").isPresent();
        AloneRules withEmptyDisk = new AloneRules(DC2.server(), cell.table, new PromiseJournal(), cell.now);
        assertThat(withEmptyDisk.comeback()).isEmpty();
        cell.pass(Duration.ofHours(12).plusSeconds(10).plusMillis(1));
        cell.run(new LeaseCommand.ExpireDue(1, LogIndex.NONE));
        JournalRecord.Reported back = withEmptyDisk.comeback().orElseThrow();

        cell.run(DC2, new LeaseCommand.UndoDeclareDown(DC2.server(), "its comeback"));
        cell.run(new Incarnation(DC2.server(), 99), new LeaseCommand.ExpireDue(1, LogIndex.NONE));
        PromiseJournal anew = new PromiseJournal();
        anew.append(LogIndex.NONE, List.of(back));
        assertThat(new AloneRules(DC2.server(), cell.table, anew, cell.now)
                        .birth()
                        .orElseThrow()
                        .quietUntil())
                .as("the wait is not made twice")
                .isEqualTo(Instant.EPOCH);
    }

    @Test
    void reportsNothingFromANewDiskWhileWhatTheOldOnePromisedMayRun() {
        cell.run(DC2, new LeaseCommand.ExpireDue(1, LogIndex.NONE));
        cell.run(new Incarnation(DC2.server(), 99), new LeaseCommand.ExpireDue(1, LogIndex.NONE));
        assertThat(cell.table.disksOf(DC2.server())).isEqualTo(2);
        PromiseJournal anew = new PromiseJournal();
        anew.append(
                LogIndex.NONE,
                List.of(new AloneRules(DC2.server(), cell.table, anew, cell.now)
                        .birth()
                        .orElseThrow()));
        Duration wait = Duration.ofHours(12).plusSeconds(10);
        AloneRules early = new AloneRules(DC2.server(), cell.table, anew, cell.now.plus(wait));
        assertThat(early.mayReport()).isEmpty();
        assertThat(early.fence(true)).as("it may promise").isEmpty();
        AloneRules late = new AloneRules(
                DC2.server(), cell.table, anew, cell.now.plus(wait).plusMillis(1));
        assertThat(late.mayReport()).contains(cell.table.appliedIndex());
    }

    @Test
    void readsTheFirstRecordOfAJournalThatKnewOfNoEarlierDisk() throws Exception {
        JournalRecord.Born born = new JournalRecord.Born(new LogIndex(3), Instant.EPOCH);
        byte[] now = JournalCodec.value(born);
        assertThat(now).isNotNull();
        byte[] before = Arrays.copyOf(now, now.length - 1);
        before[0] = 1;
        assertThat(JournalCodec.decode(JournalCodec.key(born), before)).isEqualTo(born);
    }

    @Test
    void promisesNoLongerWhatItsClientGaveBack() {
        Binding bound = bind(1, TEN);
        assertThat(released(2, bound.index())).isEmpty();
        Promise parting = released(1, bound.index()).orElseThrow();
        assertThat(parting.ending()).isEqualTo(PromiseEnding.RELEASED);
        assertThat(parting.binding()).isEqualTo(bound.index());
        journal.append(cell.table.appliedIndex(), List.of(parting));
        assertThat(lease(1, TEN)).isEmpty();
        assertThat(released(1, bound.index())).isEmpty();
        bind(1, TEN);
        assertThat(lease(1, TEN)).as("a newer binding").isPresent();
    }

    @Test
    void endsNoLeaseThatItsClientGotAfterItGaveOneBack() {
        Binding bound = bind(1, TEN);
        Instant said = cell.now;
        Binding anew = bind(1, TEN);
        assertThat(released(1, bound.index())).as("committed since").isEmpty();
        cell.now = cell.now.plusMillis(10);
        journal.append(cell.table.appliedIndex(), lease(1, TEN).orElseThrow().records());
        assertThat(rules().end(client(1).id(), TEN, anew.index(), said, PromiseEnding.RELEASED))
                .as("promised here since")
                .isEmpty();
        assertThat(released(1, anew.index())).isPresent();
    }

    private Optional<Promise> released(int client, LogIndex meant) {
        return rules().end(client(client).id(), TEN, meant, cell.now, PromiseEnding.RELEASED);
    }

    @Test
    void givesBackWhatIsRecalledUnlessAClientHasIt() {
        Ipv4 set = granted();
        assertThat(rules().returns("lan", _ -> false)).isEmpty();
        assertThat(rules().returns("lan", set::equals)).singleElement().satisfies(back -> {
            assertThat(back.command().address()).isEqualTo(set);
            assertThat(back.command().inUse()).isFalse();
            assertThat(back.before()).as("out of its own reach, durably, first").hasSize(1);
        });
        journal.append(cell.table.appliedIndex(), lease(1, set).orElseThrow().records());
        assertThat(rules().returns("lan", set::equals)).as("it is promised").isEmpty();
    }

    @Test
    void givesBackWhatItFoundInUseAndForgetsItOnceThatIsDurable() {
        Ipv4 set = granted();
        Claim claim = rules().inUse(set).orElseThrow();
        journal.append(cell.table.appliedIndex(), List.of(claim));
        assertThat(lease(1, set)).isEmpty();
        EscrowReturn back = rules().returns("lan", _ -> false).getFirst();
        assertThat(back.before()).isEmpty();
        assertThat(back.command().inUse()).isTrue();
        LogIndex before = cell.table.appliedIndex();
        cell.run(DC2, back.command());
        assertThat(rules().collect(before))
                .as("a crash may bring the grant back")
                .isEmpty();
        journal.append(cell.table.appliedIndex(), rules().collect(cell.table.appliedIndex()));
        assertThat(journal.claims()).isEmpty();
    }

    @Test
    void leavesAloneWhatAnEarlierDiskMayHaveGivenOut() {
        Ipv4 set = granted();
        PromiseJournal replaced = new PromiseJournal();
        replaced.append(
                LogIndex.NONE,
                List.of(new AloneRules(DC2.server(), cell.table, replaced, cell.now)
                        .birth()
                        .orElseThrow()));
        assertThat(new AloneRules(DC2.server(), cell.table, replaced, cell.now).lease(client(1), "lan", set, null))
                .isEmpty();
    }

    @Test
    void readsBackEveryRecordAndRefusesDamagedOnes() throws Exception {
        Promise promise = new Promise(
                TEN,
                client(1),
                "lan",
                Instant.ofEpochSecond(99),
                new LogIndex(4),
                PromiseRule.R3_ESCROW,
                PromiseEnding.DECLINED,
                Instant.ofEpochSecond(9));
        Claim claim = new Claim(TEN, new LogIndex(4), client(1).id(), Instant.ofEpochSecond(99), true, false);
        List<JournalRecord> records = List.of(
                promise,
                claim,
                new Claim(TEN, new LogIndex(5), null, Instant.ofEpochSecond(99), true, true),
                new Reported(new LogIndex(77)),
                new JournalRecord.Born(new LogIndex(3), Instant.EPOCH, Instant.ofEpochSecond(8)));
        for (JournalRecord record : records) {
            byte[] value = JournalCodec.value(record);
            assertThat(value).isNotNull();
            assertThat(JournalCodec.decode(JournalCodec.key(record), value)).isEqualTo(record);
            byte[] newer = value.clone();
            newer[0] = 9;
            assertThatThrownBy(() -> JournalCodec.decode(JournalCodec.key(record), newer))
                    .isInstanceOf(UnreadableException.class)
                    .hasMessageContaining("journal record has format version 9");
            byte[] cut = Arrays.copyOf(value, value.length - 1);
            assertThatThrownBy(() -> JournalCodec.decode(JournalCodec.key(record), cut))
                    .isInstanceOf(UnreadableException.class);
        }
        assertThat(JournalCodec.value(new JournalRecord.PromiseGone(TEN))).isNull();
        assertThat(JournalCodec.key(new JournalRecord.PromiseGone(TEN))).isEqualTo(JournalCodec.key(promise));
        assertThat(JournalCodec.key(new JournalRecord.ClaimGone(TEN, new LogIndex(4))))
                .isEqualTo(JournalCodec.key(claim));
    }

    private void configureForBootp(Duration bootpLease) {
        LeaseTimes times = new LeaseTimes(Duration.ofMinutes(1), HOUR, Duration.ofHours(2));
        Pool pool = new Pool(
                AddressRange.parse("10.0.0.10-10.0.0.33"),
                ReplySettings.NONE,
                times,
                new PoolAccess(List.of(), List.of(), true),
                0,
                bootpLease);
        CellTimers timers = new CellTimers(
                Duration.ofDays(1), Duration.ofSeconds(5), bootpLease, Duration.ofMinutes(1), Duration.ofHours(1));
        cell.run(new LeaseCommand.ApplyConfig(
                Cells.config(
                        2,
                        timers,
                        network(
                                "lan",
                                true,
                                new Subnet(
                                        Prefix.parse("10.0.0.0/24"),
                                        List.of(pool),
                                        List.of(reservation("10.0.0.5", client(5))),
                                        ReplySettings.NONE,
                                        times))),
                1,
                "test",
                Octets.EMPTY));
    }

    private Optional<AlonePromise> leaseBootp(int client, Ipv4 address) {
        return rules().lease(client(client).speakingBootp(), "lan", address, null);
    }

    @Test
    void promisesNoEndlessLeaseAloneToAClientThatCannotBeToldHowLong() {
        configureForBootp(LeaseTimes.INFINITE);
        Ipv4 set = granted();
        assertThat(rules().offer(client(1).speakingBootp(), "lan", null, _ -> false))
                .isEmpty();
        assertThat(leaseBootp(1, set)).isEmpty();
        assertThat(lease(1, set)).as("one that can").isPresent();
        cell.run(new LeaseCommand.CommitLease(
                client(2).speakingBootp(), "lan", TEN.plus(20), RequestKind.SELECTING, null));
        cell.pass(Duration.ofDays(100));
        assertThat(leaseBootp(2, TEN.plus(20)))
                .as("what is committed, it may hear again")
                .isPresent();
        assertThat(leaseBootp(5, Ipv4.parse("10.0.0.5")).orElseThrow().rule())
                .as("what is kept for it stays its own")
                .isEqualTo(PromiseRule.R4_RESERVATION);
    }

    @Test
    void promisesAWholeLeaseOrNoneToAClientThatCannotBeToldHowLong() {
        configureForBootp(Duration.ofHours(30));
        Ipv4 set = granted();
        assertThat(leaseBootp(1, set).orElseThrow().leaseTime()).isEqualTo(Duration.ofHours(30));
        cell.pass(Duration.ofHours(20));
        assertThat(leaseBootp(1, set)).as("28 hours of the grant are left").isEmpty();
        cell.run(new LeaseCommand.CommitLease(
                client(2).speakingBootp(), "lan", TEN.plus(20), RequestKind.SELECTING, null));
        cell.pass(Duration.ofHours(20));
        assertThat(leaseBootp(2, TEN.plus(20))).as("30 hours, with MCLT").isPresent();
        cell.pass(Duration.ofHours(5));
        assertThat(leaseBootp(2, TEN.plus(20))).isEmpty();
    }
}
