package org.anylease.chaos.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome;
import org.anylease.store.replication.LeaseLog;
import org.anylease.store.replication.Proposal;
import org.anylease.store.replication.QuorumState;
import org.anylease.store.state.Applied;
import org.anylease.store.state.LeaseTable;
import org.junit.jupiter.api.Test;

/**
 * What every {@link LeaseLog} does, whatever is behind it. Whoever binds it brings a cluster of three servers, whose
 * cell has {@link Terrain}'s configuration in force.
 */
public abstract class LeaseLogContract {
    private static final Duration SETTLING = Duration.ofSeconds(5);

    /** A cluster of three servers, and time. A log is touched only in {@link #on}. */
    public interface Bench {
        /** The servers, in order of name. */
        List<ServerId> servers();

        /** Runs something on a server's loop, with its log, to its end. */
        void on(ServerId server, LogTask task);

        /** Lets time pass. */
        void pass(Duration span);

        /** Cuts a server off from the others. */
        void cut(ServerId server);

        /** Ends every cut. */
        void heal();
    }

    /** Something to do with a log. */
    @FunctionalInterface
    public interface LogTask {
        /** Does it. */
        void run(LeaseLog log);
    }

    /** A fresh cluster that has elected a leader and taken its configuration into force everywhere. */
    protected abstract Bench bench();

    private static List<Proposal> propose(Bench bench, ServerId server, LeaseCommand command) {
        List<Proposal> heard = new ArrayList<>();
        bench.on(server, log -> {
            log.propose(Terrain.CELL, command, heard::add);
            assertThat(heard).as("heard from within propose").isEmpty();
        });
        return heard;
    }

    private static LeaseCommand something() {
        return new LeaseCommand.ExpireDue(1, LogIndex.NONE);
    }

    @Test
    void commitsWhateverServerProposesAndTellsItOnce() {
        Bench bench = bench();
        for (ServerId server : bench.servers()) {
            List<Proposal> heard = propose(bench, server, something());
            bench.pass(SETTLING);
            assertThat(heard).hasSize(1).first().isInstanceOf(Proposal.Committed.class);
            assertThat(((Proposal.Committed) heard.getFirst()).outcome()).isEqualTo(new Outcome.Done(0));
        }
    }

    @Test
    void bringsEveryCopyToTheSameStateAtTheSameIndex() {
        Bench bench = bench();
        propose(bench, bench.servers().get(1), something());
        bench.pass(SETTLING);
        List<Object> states = new ArrayList<>();
        for (ServerId server : bench.servers()) {
            bench.on(server, log -> {
                LeaseTable table = log.table(Terrain.CELL);
                states.add(List.of(table.appliedIndex(), table.digest()));
            });
        }
        assertThat(states).hasSize(3).containsOnly(states.getFirst());
    }

    @Test
    void tellsItsObserverOfEveryEntryInOrder() {
        Bench bench = bench();
        ServerId server = bench.servers().get(2);
        List<LogIndex> seen = new ArrayList<>();
        bench.on(server, log -> log.observe(new Observed(seen, new ArrayList<>())));
        for (int i = 0; i < 5; i++) {
            propose(bench, bench.servers().get(i % 3), something());
            bench.pass(Duration.ofSeconds(1));
        }
        bench.pass(SETTLING);
        assertThat(seen).hasSizeGreaterThanOrEqualTo(5).isSorted().doesNotHaveDuplicates();
        bench.on(
                server,
                log -> assertThat(log.table(Terrain.CELL).appliedIndex()).isEqualTo(seen.getLast()));
    }

    @Test
    void doesNotKnowWhatBecomesOfACommandWithoutAQuorum() {
        Bench bench = bench();
        ServerId alone = bench.servers().getFirst();
        List<QuorumState> quorums = new ArrayList<>();
        bench.on(alone, log -> log.observe(new Observed(new ArrayList<>(), quorums)));
        bench.cut(alone);
        bench.pass(SETTLING);
        List<Proposal> heard = propose(bench, alone, something());
        bench.pass(Duration.ofSeconds(15));
        assertThat(heard).containsExactly(new Proposal.Unknown());
        assertThat(quorums).isNotEmpty();
        assertThat(quorums.getLast().reachable()).isFalse();
        bench.on(alone, log -> assertThat(log.quorum(Terrain.CELL)).isEqualTo(quorums.getLast()));
        List<Proposal> elsewhere = propose(bench, bench.servers().get(1), something());
        bench.pass(SETTLING);
        assertThat(elsewhere).hasSize(1).first().isInstanceOf(Proposal.Committed.class);

        bench.heal();
        bench.pass(SETTLING);
        List<Proposal> after = propose(bench, alone, something());
        bench.pass(SETTLING);
        assertThat(after).hasSize(1).first().isInstanceOf(Proposal.Committed.class);
        assertThat(quorums.getLast().reachable()).isTrue();
        assertThat(heard).as("heard once").hasSize(1);
    }

    @Test
    void rejectsWhatIsForNoCellOfTheCluster() {
        Bench bench = bench();
        CellId nowhere = new CellId("nowhere");
        List<Proposal> heard = new ArrayList<>();
        bench.on(bench.servers().getFirst(), log -> log.propose(nowhere, something(), heard::add));
        bench.pass(Duration.ofSeconds(1));
        assertThat(heard).containsExactly(new Proposal.Rejected(Proposal.Rejected.Reason.NO_SUCH_CELL));
        bench.on(bench.servers().getFirst(), log -> {
            assertThat(log.cells()).containsExactly(Terrain.CELL);
            assertThatThrownBy(() -> log.table(nowhere)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> log.quorum(nowhere)).isInstanceOf(IllegalArgumentException.class);
        });
    }

    @Test
    void settlesManyCommandsEachWithItsOwnOutcome() {
        Bench bench = bench();
        List<Proposal> heard = new ArrayList<>();
        bench.on(bench.servers().getFirst(), log -> {
            for (int i = 0; i < 50; i++) {
                log.propose(Terrain.CELL, something(), heard::add);
            }
        });
        bench.pass(SETTLING);
        assertThat(heard).hasSize(50).allMatch(Proposal.Committed.class::isInstance);
    }

    private record Observed(List<LogIndex> entries, List<QuorumState> quorums) implements LeaseLog.Observer {
        @Override
        public void applied(CellId cell, Applied applied) {
            entries.add(applied.index());
        }

        @Override
        public void reloaded(CellId cell) {
            // Nothing is counted on the way to it.
        }

        @Override
        public void quorumChanged(CellId cell, QuorumState state) {
            quorums.add(state);
        }
    }
}
