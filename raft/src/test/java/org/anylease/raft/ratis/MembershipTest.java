package org.anylease.raft.ratis;

import static org.anylease.raft.ratis.TestCells.CELL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.anylease.raft.event.RaftEvent;
import org.anylease.raft.liveness.CellVerification;
import org.anylease.raft.membership.CellMembership;
import org.anylease.raft.membership.MembershipStep;
import org.anylease.raft.membership.SnapshotPolicy;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.LeaseCommand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MembershipTest {
    @TempDir
    Path directory;

    @Test
    void aServerComesAndAnotherGoesWithoutARestartOfTheOthers() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 4, SnapshotPolicy.STANDARD, CELL)) {
            List<ServerId> before = cluster.servers.subList(0, 3);
            ServerId coming = cluster.servers.get(3);
            for (ServerId server : before) {
                cluster.start(server, cluster.settings(server, before, before));
            }
            TestServer leader = cluster.leader(CELL);
            ServerId going = leader.settings.server();
            leader.commit(CELL, TestCells.applyConfig(CELL, 1, before));
            leader.lease(CELL, 1).get(20, TimeUnit.SECONDS);

            List<ServerId> after = cluster.servers.stream()
                    .filter(server -> !server.equals(going))
                    .toList();
            LogIndex changed =
                    leader.commit(CELL, TestCells.applyConfig(CELL, 2, after)).index();
            for (TestServer server : cluster.running.values()) {
                server.onLoop(() -> {
                    server.log().peersAre(after.stream().map(cluster::peer).toList());
                    return null;
                });
            }
            TestServer fresh = cluster.start(coming, cluster.settings(coming, cluster.servers, after));
            fresh.await(log -> log.cells().contains(CELL) && voters(fresh).contains(coming));
            leader.await(log -> leader.events.containsAll(List.of(
                    new RaftEvent.MembershipChanged(CELL, new MembershipStep.Admit(coming)),
                    new RaftEvent.MembershipChanged(CELL, new MembershipStep.Promote(coming)))));
            // The one that goes may still promise alone: it stays until it has reported that it may not.
            leader.await(log -> Optional.ofNullable(membership(leader).plan()).stream()
                    .flatMap(plan -> plan.waits().stream())
                    .anyMatch(wait -> wait.server().equals(going)));
            assertThat(voters(leader)).hasSize(4);

            fresh.commit(CELL, new LeaseCommand.ExpireDue(1, changed));
            fresh.await(log -> membership(fresh).settled());
            assertThat(voters(fresh)).isEqualTo(after);
            leader.await(log -> leader.events.stream().anyMatch(RaftEvent.CellLeft.class::isInstance));
            assertThat(Files.exists(cluster.directory(going).resolve("cells").resolve(CELL.name())))
                    .isFalse();

            cluster.stop(going);
            fresh.lease(CELL, 2).get(20, TimeUnit.SECONDS);
            CellVerification verified =
                    fresh.log().operations().verify(CELL).toCompletableFuture().get(40, TimeUnit.SECONDS);
            assertThat(verified.digests().keySet()).containsExactlyElementsOf(after);
            assertThat(verified.agree()).isTrue();

            // It finds itself a member again, by its own disk.
            cluster.stop(coming);
            TestServer again = cluster.start(coming, cluster.settings(coming, cluster.servers, after));
            again.lease(CELL, 3).get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void aMemberFetchesItsCopyAnewWhileTheOthersGoOn() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, SnapshotPolicy.STANDARD, CELL).startAll()) {
            List<ServerId> servers = cluster.servers;
            TestServer leader = cluster.leader(CELL);
            leader.commit(CELL, TestCells.applyConfig(CELL, 1, servers));
            leader.lease(CELL, 1).get(20, TimeUnit.SECONDS);
            RatisLeaseLogTest.awaitAgreement(cluster);
            assertThatThrownBy(() -> rebuild(leader)).hasMessageContaining("drain it first");

            TestServer follower = cluster.running.values().stream()
                    .filter(server -> server != leader)
                    .findFirst()
                    .orElseThrow();
            ServerId name = follower.settings.server();
            rebuild(follower);
            leader.lease(CELL, 2).get(20, TimeUnit.SECONDS);
            leader.await(log -> leader.events.containsAll(List.of(
                    new RaftEvent.MembershipChanged(CELL, new MembershipStep.Remove(name)),
                    new RaftEvent.MembershipChanged(CELL, new MembershipStep.Admit(name)),
                    new RaftEvent.MembershipChanged(CELL, new MembershipStep.Promote(name)))));
            leader.await(log -> membership(leader).settled());
            follower.lease(CELL, 3).get(20, TimeUnit.SECONDS);
            CellVerification verified =
                    leader.log().operations().verify(CELL).toCompletableFuture().get(40, TimeUnit.SECONDS);
            assertThat(verified.digests().keySet()).containsExactlyElementsOf(servers);
            assertThat(verified.agree()).isTrue();

            // Its new copy is found again by its own disk.
            cluster.stop(name);
            TestServer again = cluster.start(name);
            again.commit(CELL, TestCells.offer(4));
        }
    }

    @Test
    void aServerThatWasNotToldThatItIsOutAsksWhenItStandsForElectionInVain() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, SnapshotPolicy.STANDARD, CELL).startAll()) {
            TestServer leader = cluster.leader(CELL);
            leader.commit(CELL, TestCells.applyConfig(CELL, 1, cluster.servers));
            RatisLeaseLogTest.awaitAgreement(cluster);
            TestServer going = cluster.running.values().stream()
                    .filter(server -> server != leader)
                    .findFirst()
                    .orElseThrow();
            List<ServerId> after = cluster.servers.stream()
                    .filter(server -> !server.equals(going.settings.server()))
                    .toList();
            going.onLoop(() -> {
                going.log()
                        .links()
                        .handle(
                                MembershipDriver.LEAVE,
                                (from, body) -> CompletableFuture.failedFuture(new IOException("deaf")));
                return null;
            });
            LogIndex changed =
                    leader.commit(CELL, TestCells.applyConfig(CELL, 2, after)).index();
            leader.commit(CELL, new LeaseCommand.ExpireDue(1, changed));
            going.await(log -> going.events.contains(new RaftEvent.CellLeft(CELL, leader.settings.server())));
            assertThat(going.events).noneMatch(RaftEvent.CellStopped.class::isInstance);
            going.await(log -> log.operations().hasLeft(CELL));

            leader.commit(CELL, TestCells.applyConfig(CELL, 3, cluster.servers));
            going.log().addCell(CELL, cluster.servers).toCompletableFuture().get(20, TimeUnit.SECONDS);
            leader.await(log -> membership(leader).settled() && voters(leader).equals(cluster.servers));
            going.lease(CELL, 1).get(20, TimeUnit.SECONDS);
            assertThat(going.failures).isEmpty();
        }
    }

    private static void rebuild(TestServer server) throws Exception {
        server.log().operations().rebuild(CELL).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** On the loop. */
    private static CellMembership membership(TestServer server) {
        return server.log()
                .operations()
                .membership(CELL)
                .toCompletableFuture()
                .join()
                .orElseThrow();
    }

    private static List<ServerId> voters(TestServer server) {
        return membership(server).group().voters();
    }
}
