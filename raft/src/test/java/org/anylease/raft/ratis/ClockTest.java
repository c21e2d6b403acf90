package org.anylease.raft.ratis;

import static org.anylease.raft.ratis.TestCells.CELL;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.anylease.raft.clock.ClockDoubt;
import org.anylease.raft.clock.ClockState;
import org.anylease.raft.clock.ClockVerdict;
import org.anylease.raft.event.RaftEvent;
import org.anylease.raft.membership.SnapshotPolicy;
import org.anylease.store.cell.ServerId;
import org.anylease.store.replication.Proposal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClockTest {
    @TempDir
    Path directory;

    @Test
    void aLeaderWhoseClockIsSetForwardNeverMovesTheCellsTimeAndHandsOver() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, SnapshotPolicy.STANDARD, CELL).startAll()) {
            TestServer leader = cluster.leader(CELL);
            ServerId strayed = leader.settings.server();
            leader.commit(CELL, TestCells.applyConfig(CELL));
            TestServer other = cluster.follower(CELL);
            Queue<ClockVerdict> verdicts = new ConcurrentLinkedQueue<>();
            leader.log().operations().onClock((cell, verdict) -> verdicts.add(verdict));
            leader.await(log -> verdicts.contains(new ClockVerdict(null, true)));

            cluster.clocksAhead.put(strayed, Duration.ofHours(1));
            leader.await(log -> verdicts.contains(new ClockVerdict(ClockDoubt.STRAYED, false)));
            other.await(log -> log.quorum(CELL).reachable()
                    && !strayed.equals(log.quorum(CELL).leader()));
            other.lease(CELL, 1).get(20, TimeUnit.SECONDS);
            assertThat(other.onLoop(() -> other.table(CELL).time()))
                    .isBefore(Instant.now().plusSeconds(5));
            assertThat(leader.events)
                    .anyMatch(event -> event instanceof RaftEvent.ClockDoubted doubted
                            && doubted.doubt() == ClockDoubt.STRAYED
                            && doubted.others().contains("is -3"));

            // It is told why it cannot propose, and sees how far it is off.
            leader.await(log -> log.quorum(CELL).reachable()
                    && !strayed.equals(log.quorum(CELL).leader()));
            assertThat(leader.propose(CELL, TestCells.offer(2)).get(20, TimeUnit.SECONDS))
                    .isEqualTo(new Proposal.Rejected(Proposal.Rejected.Reason.CLOCK_ASTRAY));
            ClockState state =
                    leader.log().operations().clock(CELL).toCompletableFuture().get(20, TimeUnit.SECONDS);
            assertThat(state.peers()).hasSize(2);
            assertThat(state.peers().values())
                    .allMatch(peer -> peer.ahead().plusHours(1).abs().compareTo(Duration.ofSeconds(1)) < 0);

            cluster.clocksAhead.put(strayed, Duration.ZERO);
            leader.await(log -> verdicts.stream()
                            .filter(new ClockVerdict(null, true)::equals)
                            .count()
                    == 2);
            // Whoever leads reads its clock once a second.
            TestServer ruler = cluster.leader(CELL);
            ruler.await(log -> log.operations().clock(CELL).toCompletableFuture().join().peers().entrySet().stream()
                    .anyMatch(peer -> peer.getKey().equals(strayed)
                            && peer.getValue().ahead().abs().compareTo(Duration.ofSeconds(4)) < 0));
            leader.lease(CELL, 2).get(20, TimeUnit.SECONDS);
        }
    }
}
