package org.anylease.store.state;

import static org.anylease.store.state.Cells.DC1;
import static org.anylease.store.state.Cells.DC1_B;
import static org.anylease.store.state.Cells.DC2;
import static org.anylease.store.state.Cells.client;
import static org.anylease.store.state.Cells.network;
import static org.anylease.store.state.Cells.reservation;
import static org.anylease.store.state.Cells.subnet;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.Incarnation;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.Batch;
import org.anylease.store.command.Entry;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome;
import org.anylease.store.command.Outcome.Merged.Result;
import org.anylease.store.command.PromiseEnding;
import org.anylease.store.command.PromiseRule;
import org.anylease.store.command.RequestKind;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.CellTimers;
import org.anylease.store.config.Reservation;
import org.anylease.store.config.SharedNetwork;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.state.Cells.Driver;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the cell makes of promises made alone, of escrow, of reports and of servers declared down, by example. */
class PromiseMergeTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Ipv4 TEN = Ipv4.parse("10.0.0.10");
    private final Driver cell = new Driver();

    @BeforeEach
    void configure() {
        cell.configure(lan("10.0.0.10-10.0.0.33"));
    }

    private static SharedNetwork lan(String pool, Reservation... reservations) {
        return network("lan", true, subnet("10.0.0.0/24", List.of(pool), reservations));
    }

    private Outcome bind(int client, Ipv4 address) {
        return cell.run(new LeaseCommand.CommitLease(client(client), "lan", address, RequestKind.SELECTING, null));
    }

    private Binding at(Ipv4 address) {
        return cell.table.binding(address).orElseThrow();
    }

    private Outcome expire(LogIndex settled) {
        return cell.run(new LeaseCommand.ExpireDue(100, settled));
    }

    private Result merge(Incarnation by, int client, Ipv4 address, Duration left, PromiseRule rule) {
        return merge(by, client, address, left, rule, PromiseEnding.HELD);
    }

    private Result merge(
            Incarnation by, int client, Ipv4 address, Duration left, PromiseRule rule, PromiseEnding ending) {
        LogIndex binding = cell.table.binding(address).map(Binding::index).orElse(LogIndex.NONE);
        return merge(by, client, address, cell.now.plus(left), rule, ending, binding);
    }

    private Result merge(
            Incarnation by,
            int client,
            Ipv4 address,
            Instant until,
            PromiseRule rule,
            PromiseEnding ending,
            LogIndex binding) {
        Outcome outcome = cell.run(
                by,
                new LeaseCommand.CommitPromise(
                        client(client), "lan", address, until, binding, rule, ending, cell.now.minusSeconds(60)));
        return ((Outcome.Merged) outcome).result();
    }

    private List<Ipv4> grant(Incarnation owner, int wanted) {
        cell.run(new LeaseCommand.GrantEscrow(owner.server(), "lan", wanted));
        return cell.table.escrowOf(owner.server(), "lan");
    }

    private Outcome down(Incarnation server) {
        return cell.run(new LeaseCommand.DeclareDown(server.server(), "operator"));
    }

    @Test
    void commitsAnExtensionUntilTheLaterOfBothTimes() {
        bind(1, TEN);
        assertThat(merge(DC2, 1, TEN, HOUR.multipliedBy(5), PromiseRule.R2_EXTENSION))
                .isEqualTo(Result.TAKEN);
        assertThat(at(TEN).end()).isEqualTo(cell.now.plus(HOUR.multipliedBy(5)));
        assertThat(at(TEN).server()).isEqualTo(DC2.server());
        assertThat(merge(DC1, 1, TEN, HOUR, PromiseRule.R2_EXTENSION)).isEqualTo(Result.TAKEN);
        assertThat(at(TEN).end()).as("never earlier").isEqualTo(cell.now.plus(HOUR.multipliedBy(5)));
    }

    @Test
    void commitsWhatAnOwnerGaveOutOfItsEscrowAndNobodyElses() {
        Ipv4 set = grant(DC2, 2).getFirst();
        assertThat(bind(5, set)).isEqualTo(new Outcome.Refused(Outcome.Refused.Reason.TAKEN));
        assertThat(merge(DC2, 1, set, HOUR, PromiseRule.R3_ESCROW)).isEqualTo(Result.TAKEN);
        assertThat(at(set).isOf(client(1).id())).isTrue();
        assertThat(at(set).lastSeen()).isEqualTo(cell.now.minusSeconds(60));
        Ipv4 other = cell.table.escrowOf(DC2.server(), "lan").getFirst();
        assertThat(merge(DC1, 2, other, HOUR, PromiseRule.R3_ESCROW))
                .as("not its owner")
                .isEqualTo(Result.CONFLICT);
    }

    @Test
    void commitsAReservedAddressAlsoOnceItsReservationWasTakenAway() {
        cell.configure(lan("10.0.0.11-10.0.0.33", reservation("10.0.0.10", client(1))));
        assertThat(merge(DC2, 1, TEN, HOUR, PromiseRule.R4_RESERVATION)).isEqualTo(Result.TAKEN);
        cell.configure(lan("10.0.0.12-10.0.0.33", reservation("10.0.0.11", client(2))));
        cell.configure(lan("10.0.0.11-10.0.0.33"));
        Ipv4 eleven = Ipv4.parse("10.0.0.11");
        assertThat(at(eleven).client()).isNull();
        assertThat(merge(DC2, 2, eleven, HOUR, PromiseRule.R4_RESERVATION)).isEqualTo(Result.TAKEN);
        assertThat(at(eleven).gate()).as("still opened by reports only").isEqualTo(Binding.TIME_MAX);
    }

    /** Seed 40390: the client was promised it by a server that was cut off, and answered another server's probe. */
    @Test
    void countsNobodyTwiceWhereAClientAnsweredTheProbeOfTheAddressThatIsKeptForIt() {
        cell.configure(lan("10.0.0.11-10.0.0.33", reservation("10.0.0.10", client(1))));
        cell.run(new LeaseCommand.OfferAddress(client(1), "lan", null, TEN));
        assertThat(at(TEN).state()).isEqualTo(BindingState.ABANDONED);
        assertThat(merge(DC2, 1, TEN, HOUR.multipliedBy(900), PromiseRule.R4_RESERVATION))
                .isEqualTo(Result.TAKEN);
        assertThat(cell.table.conflicts()).isEmpty();
        assertThat(at(TEN).state()).as("nobody has it meanwhile").isEqualTo(BindingState.ABANDONED);
        assertThat(at(TEN).end()).isAfter(cell.now.plus(HOUR.multipliedBy(900)));
        assertThat(merge(DC2, 2, TEN, HOUR, PromiseRule.R3_ESCROW)).isEqualTo(Result.CONFLICT);
    }

    @Test
    void neverFreesByTimeWhatAServerMayStillPromiseByAReservationThatIsGone() {
        cell.configure(lan("10.0.0.11-10.0.0.33", reservation("10.0.0.10", client(1))));
        LogIndex before = cell.table.appliedIndex();
        bind(1, TEN);
        cell.configure(lan("10.0.0.10-10.0.0.33"));
        for (int i = 0; i < 4; i++) {
            cell.pass(Duration.ofDays(30));
            expire(before);
        }
        assertThat(at(TEN).state()).isEqualTo(BindingState.EXPIRED);
        expire(cell.table.appliedIndex());
        assertThat(at(TEN).state()).isEqualTo(BindingState.FREE);
    }

    @Test
    void endsWhatTheClientEndedAloneUnlessTheBindingIsANewerOne() {
        bind(1, TEN);
        LogIndex old = at(TEN).index();
        bind(1, TEN);
        assertThat(merge(DC2, 1, TEN, cell.now, PromiseRule.R2_EXTENSION, PromiseEnding.RELEASED, old))
                .isEqualTo(Result.OBSOLETE);
        assertThat(at(TEN).state()).isEqualTo(BindingState.ACTIVE);
        assertThat(merge(DC2, 1, TEN, HOUR, PromiseRule.R2_EXTENSION, PromiseEnding.RELEASED))
                .isEqualTo(Result.TAKEN);
        assertThat(at(TEN).state()).isEqualTo(BindingState.RELEASED);
        assertThat(at(TEN).index()).isEqualTo(cell.table.appliedIndex());
        Ipv4 set = grant(DC2, 1).getFirst();
        assertThat(merge(DC2, 2, set, HOUR, PromiseRule.R3_ESCROW, PromiseEnding.DECLINED))
                .isEqualTo(Result.TAKEN);
        assertThat(at(set).state()).isEqualTo(BindingState.ABANDONED);
    }

    /** Seed 25386: cut off, a server heard the RELEASE; then the client asked another one for the rest of its lease. */
    @Test
    void endsNotWhatAClientWasToldOfAnAddressThatItMayNotKeep() {
        bind(1, TEN);
        LogIndex old = at(TEN).index();
        Instant end = at(TEN).end();
        cell.configure(lan("10.0.0.11-10.0.0.33", reservation("10.0.0.10", client(2))));
        bind(1, TEN);
        assertThat(merge(DC2, 1, TEN, cell.now, PromiseRule.R2_EXTENSION, PromiseEnding.RELEASED, old))
                .isEqualTo(Result.OBSOLETE);
        assertThat(at(TEN).state()).isEqualTo(BindingState.ACTIVE);
        assertThat(at(TEN).end()).as("no more time than it had").isEqualTo(end);
    }

    @Test
    void hasNothingToDoForAPromiseThatIsOver() {
        bind(1, TEN);
        Binding before = at(TEN);
        assertThat(merge(DC2, 2, TEN, Duration.ofSeconds(-10), PromiseRule.R2_EXTENSION))
                .isEqualTo(Result.OBSOLETE);
        assertThat(at(TEN)).isEqualTo(before);
        assertThat(merge(DC2, 2, Ipv4.parse("10.0.0.12"), HOUR, PromiseRule.R3_ESCROW))
                .as("free: what it rested on is gone, but nobody else has the address")
                .isEqualTo(Result.TAKEN);
    }

    @Test
    void keepsAPromiseOfTwoOnRecordAndTheAddressFromEverybodyUntilBothAreOver() {
        bind(1, TEN);
        assertThat(merge(DC2, 2, TEN, HOUR.multipliedBy(9), PromiseRule.R3_ESCROW))
                .isEqualTo(Result.CONFLICT);
        assertThat(cell.table.conflicts()).hasSize(1).first().satisfies(conflict -> {
            assertThat(conflict.holder()).isEqualTo(client(1));
            assertThat(conflict.promised()).isEqualTo(client(2));
            assertThat(conflict.by()).isEqualTo(DC2.server());
            assertThat(conflict.index()).isEqualTo(cell.table.appliedIndex());
        });
        LogIndex found = cell.table.appliedIndex();
        expire(cell.table.appliedIndex());
        cell.pass(HOUR.multipliedBy(9).plusSeconds(9));
        expire(cell.table.appliedIndex());
        assertThat(at(TEN).state()).isEqualTo(BindingState.ABANDONED);
        cell.pass(Duration.ofSeconds(2));
        expire(cell.table.appliedIndex());
        assertThat(at(TEN).state()).isEqualTo(BindingState.FREE);
        assertThat(cell.run(new LeaseCommand.ClearConflict(TEN, found))).isEqualTo(new Outcome.Done(1));
        assertThat(cell.table.conflicts()).isEmpty();
    }

    @Test
    void keepsAtMostAThousandConflictsAndCountsTheOthers() throws Exception {
        bind(1, TEN);
        List<LeaseCommand> promises = new ArrayList<>();
        for (int i = 0; i < ConflictLedger.CONFLICTS_MAX + 5; i++) {
            promises.add(new LeaseCommand.CommitPromise(
                    client(100 + i),
                    "lan",
                    TEN,
                    cell.now.plus(HOUR),
                    LogIndex.NONE,
                    PromiseRule.R2_EXTENSION,
                    PromiseEnding.HELD,
                    cell.now));
        }
        LogIndex next = new LogIndex(cell.table.appliedIndex().value() + 1);
        cell.table.apply(next, new Entry(cell.now, List.of(new Batch(DC2, 900, promises))));
        Cells.Stored stored = new Cells.Stored();
        stored.take(cell.table.takeChanges());
        LeaseTable restored = LeaseTable.restore(Cells.CELL, stored.all());
        assertThat(restored.conflicts()).hasSize(ConflictLedger.CONFLICTS_MAX).isEqualTo(cell.table.conflicts());
        assertThat(restored.conflictsDropped()).isEqualTo(5);
        assertThat(restored.digest()).isEqualTo(cell.table.digest());
    }

    @Test
    void waitsForReportsOrForTheLatestPromiseThatAnyServerCanHaveMade() {
        bind(1, TEN);
        cell.run(new LeaseCommand.ReleaseLease(client(1).id(), TEN, at(TEN).index()));
        LogIndex released = at(TEN).index();
        assertThat(cell.table.waitingSince()).contains(released);
        assertThat(cell.table.waiting()).isEqualTo(new Waiting(1, at(TEN).gate()));
        expire(new LogIndex(released.value() - 1));
        assertThat(at(TEN).state()).isEqualTo(BindingState.RELEASED);
        cell.pass(Duration.ofHours(25).plusSeconds(10));
        expire(LogIndex.NONE);
        assertThat(at(TEN).state()).as("the gate is not past yet").isEqualTo(BindingState.RELEASED);
        assertThat(cell.table.nextDue()).contains(cell.now.plusMillis(1));
        cell.pass(Duration.ofMillis(1));
        expire(LogIndex.NONE);
        assertThat(at(TEN).state()).isEqualTo(BindingState.FREE);
        assertThat(cell.table.waitingSince()).isEmpty();
    }

    @Test
    void setsAsideNoMoreThanHalfOfWhatIsIdleSharedByTheMembers() {
        assertThat(cell.table.idleCount("lan")).isEqualTo(24);
        assertThat(grant(DC1, 100)).hasSize(4);
        assertThat(grant(DC1_B, 3)).hasSize(3);
        assertThat(cell.table.escrowCount("lan")).isEqualTo(7);
        assertThat(cell.table.idleCount("lan")).isEqualTo(17);
        Binding granted = at(cell.table.escrowOf(DC1.server(), "lan").getFirst());
        cell.pass(HOUR);
        assertThat(grant(DC1, 100)).hasSize(4);
        Binding extended = at(granted.address());
        assertThat(extended.index()).isEqualTo(granted.index());
        assertThat(extended.end()).isEqualTo(granted.end().plus(HOUR));
        assertThat(grant(new Incarnation(new ServerId("stranger"), 1), 5)).isEmpty();
        assertThat(cell.run(new LeaseCommand.GrantEscrow(DC1.server(), "nowhere", 5)))
                .isEqualTo(new Outcome.Done(0));
    }

    @Test
    void takesEscrowBackFromItsOwnerOnlyAndOnceItIsOver() {
        Ipv4 set = grant(DC2, 1).getFirst();
        LogIndex grant = at(set).index();
        LeaseCommand back = new LeaseCommand.ReturnEscrow(DC2.server(), set, grant, false);
        assertThat(cell.run(DC1, back)).isEqualTo(new Outcome.Done(0));
        assertThat(cell.run(DC2, new LeaseCommand.ReturnEscrow(DC2.server(), set, new LogIndex(1), false)))
                .isEqualTo(new Outcome.Done(0));
        assertThat(cell.run(DC2, back)).isEqualTo(new Outcome.Done(1));
        assertThat(at(set).state()).isEqualTo(BindingState.FREE);
        Ipv4 used = grant(DC2, 1).getFirst();
        cell.run(DC2, new LeaseCommand.ReturnEscrow(DC2.server(), used, at(used).index(), true));
        assertThat(at(used).state()).isEqualTo(BindingState.ABANDONED);
        Ipv4 third = grant(DC2, 1).getFirst();
        cell.pass(Duration.ofDays(2).plusSeconds(10));
        expire(cell.table.appliedIndex());
        assertThat(at(third).state()).isEqualTo(BindingState.ESCROWED);
        cell.pass(Duration.ofMillis(1));
        expire(LogIndex.NONE);
        assertThat(at(third).state()).isEqualTo(BindingState.FREE);
    }

    @Test
    void countsAServerDeclaredDownAsSilentPastTheLongestLease() {
        Ipv4 set = grant(DC2, 1).getFirst();
        assertThat(down(DC2)).isEqualTo(new Outcome.Done(1));
        assertThat(down(DC2)).as("once is enough").isEqualTo(new Outcome.Done(0));
        assertThat(cell.table.declaredDown()).containsEntry(DC2.server(), cell.now);
        assertThat(grant(DC2, 9)).as("nothing more").containsExactly(set);
        cell.pass(Duration.ofHours(12).plusSeconds(10));
        expire(LogIndex.NONE);
        assertThat(at(set).state()).isEqualTo(BindingState.ESCROWED);
        LogIndex now = cell.table.appliedIndex();
        assertThat(cell.table.settled(server -> server.equals(DC2.server()) ? LogIndex.NONE : now))
                .isEqualTo(LogIndex.NONE);
        cell.pass(Duration.ofMillis(1));
        expire(LogIndex.NONE);
        assertThat(at(set).state()).isEqualTo(BindingState.FREE);
        assertThat(cell.table.settled(server -> server.equals(DC2.server()) ? LogIndex.NONE : now))
                .isEqualTo(now);
        LeaseCommand undo = new LeaseCommand.UndoDeclareDown(DC2.server(), "operator");
        assertThat(cell.run(DC1, undo)).as("only by itself now").isEqualTo(new Outcome.Done(0));
        assertThat(cell.run(DC2, undo)).isEqualTo(new Outcome.Done(1));
        assertThat(cell.table.declaredDown()).isEmpty();
    }

    @Test
    void isDueOnceAServerDeclaredDownCountsAsSilentThoughNothingElseHappens() {
        bind(1, TEN);
        down(DC2);
        cell.run(new LeaseCommand.ReleaseLease(client(1).id(), TEN, at(TEN).index()));
        Instant over = cell.now.plus(Duration.ofHours(12).plusSeconds(10)).plusMillis(1);
        assertThat(cell.table.nextDue()).contains(over);
        cell.pass(Duration.between(cell.now, over));
        expire(LogIndex.NONE);
        LogIndex now = cell.table.appliedIndex();
        LogIndex settled = cell.table.settled(server -> server.equals(DC2.server()) ? LogIndex.NONE : now);
        assertThat(cell.table.waitingSince().orElseThrow()).isLessThanOrEqualTo(settled);
        assertThat(cell.table.nextDue().orElseThrow()).as("not again").isAfter(over);
    }

    @Test
    void declaresNeitherAStrangerNorTheLastServerDown() {
        assertThat(down(new Incarnation(new ServerId("stranger"), 1))).isEqualTo(new Outcome.Done(0));
        down(DC1);
        down(DC2);
        assertThat(down(DC1_B)).isEqualTo(new Outcome.Done(0));
    }

    @Test
    void goesByTheLongerTimesUntilAllHaveHeardOfTheShorter() {
        bind(1, TEN);
        CellTimers shorter = new CellTimers(
                HOUR, Duration.ofSeconds(1), Duration.ofHours(2), Duration.ofSeconds(30), Duration.ofHours(2));
        apply(Cells.config(2, shorter, lan("10.0.0.10-10.0.0.33")));
        LogIndex lowered = cell.table.appliedIndex();
        assertThat(cell.table.waitingSince()).contains(lowered);
        cell.pass(HOUR.plusSeconds(11));
        expire(LogIndex.NONE);
        assertThat(at(TEN).gate())
                .isEqualTo(at(TEN).end().plus(Duration.ofDays(1)).plusSeconds(10));
        bind(2, Ipv4.parse("10.0.0.11"));
        expire(lowered);
        cell.pass(HOUR.plusSeconds(3));
        expire(LogIndex.NONE);
        Binding expired = at(Ipv4.parse("10.0.0.11"));
        assertThat(expired.state()).as("by the shorter skew").isEqualTo(BindingState.EXPIRED);
        assertThat(expired.gate()).isEqualTo(expired.end().plus(HOUR).plusSeconds(2));
    }

    private void apply(CellConfig config) {
        cell.run(new LeaseCommand.ApplyConfig(config, config.version() - 1, "operator", Octets.EMPTY));
    }

    @Test
    void awaitsAServerThatLeftUntilItHasHeardOfThat() {
        CellConfig config = Cells.config(2, lan("10.0.0.10-10.0.0.33"));
        apply(new CellConfig(
                config.cell(),
                2,
                config.serverIdentifier(),
                config.aliases(),
                config.members().subList(0, 2),
                config.timers(),
                config.settings(),
                config.networks(),
                config.escrow()));
        LogIndex left = cell.table.appliedIndex();
        assertThat(cell.table.awaited()).contains(DC2.server());
        expire(new LogIndex(left.value() - 1));
        assertThat(cell.table.awaited()).contains(DC2.server());
        expire(left);
        assertThat(cell.table.awaited()).containsExactly(DC1.server(), DC1_B.server());
    }

    @Test
    void carriesOutNothingOfABatchThatIsVoid() {
        LeaseCommand commit = new LeaseCommand.CommitLease(client(1), "lan", TEN, RequestKind.SELECTING, null);
        LogIndex next = new LogIndex(cell.table.appliedIndex().value() + 1);
        Batch late = new Batch(DC2, 700, List.of(commit), cell.now.minusMillis(1));
        assertThat(cell.table
                        .apply(next, new Entry(cell.now, List.of(late)))
                        .batches()
                        .getFirst()
                        .outcomes())
                .containsExactly(new Outcome.Lapsed());
        assertThat(cell.table.binding(TEN)).isEmpty();
        Batch intime = new Batch(DC2, 701, List.of(commit), cell.now);
        LogIndex then = new LogIndex(next.value() + 1);
        assertThat(cell.table
                        .apply(then, new Entry(cell.now, List.of(intime, late)))
                        .batches()
                        .getFirst()
                        .outcomes()
                        .getFirst())
                .isInstanceOf(Outcome.Bound.class);
    }

    @Test
    void restoresNoAddressThatStillWaitsForReuse() {
        bind(1, TEN);
        cell.run(new LeaseCommand.ReleaseLease(client(1).id(), TEN, at(TEN).index()));
        Binding released = at(TEN);
        Binding free = released.free(new LogIndex(1), 1);
        assertThat(cell.run(new LeaseCommand.RestoreBindings(List.of(free)))).isEqualTo(new Outcome.Done(0));
        assertThat(at(TEN)).isEqualTo(released);
    }
}
