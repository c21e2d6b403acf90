package org.anylease.raft.ratis;

import static org.anylease.raft.ratis.TestCells.CELL;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.anylease.raft.disk.DurableFile;
import org.anylease.raft.membership.SnapshotPolicy;
import org.anylease.store.cell.CellId;
import org.anylease.store.command.Outcome;
import org.anylease.store.replication.LeaseLog;
import org.anylease.store.replication.Proposal;
import org.anylease.store.replication.QuorumState;
import org.anylease.store.state.Applied;

/**
 * What commands cost: servers in one process with synced logs, a fixed rate of OFFER and COMMIT from one of them.
 *
 * <p>Arguments: number of servers, commands a second, seconds, {@code leader} or {@code follower}.
 */
final class ReplicationBenchmark {
    private final int rate;
    private final int seconds;
    private final TestServer from;
    private final long[] latencies;
    private int settled;
    private int committed;
    private int sent;
    private long entries;

    private ReplicationBenchmark(TestServer from, int rate, int seconds) {
        this.from = from;
        this.rate = rate;
        this.seconds = seconds;
        this.latencies = new long[rate * seconds + rate];
    }

    public static void main(String[] arguments) throws Exception {
        int servers = Integer.parseInt(arguments[0]);
        Path root = Files.createTempDirectory(Path.of(System.getProperty("bench.dir", "/tmp")), "raft-bench");
        try (TestCluster cluster = new TestCluster(root, servers, SnapshotPolicy.STANDARD, CELL).startAll()) {
            cluster.leader(CELL).commit(CELL, TestCells.applyConfig(CELL));
            TestServer from = arguments[3].equals("leader") ? cluster.leader(CELL) : cluster.follower(CELL);
            for (int run = 0; run < 3; run++) {
                new ReplicationBenchmark(from, Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]))
                        .run(arguments[3], run);
            }
        } finally {
            DurableFile.deleteTree(root);
        }
    }

    private void run(String role, int round) throws Exception {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        from.onLoop(() -> {
            from.log().observe(new Counter());
            return null;
        });
        long cpu = system.getProcessCpuTime();
        long begun = System.nanoTime();
        int clientBase = round * rate * seconds;
        var arrivals = from.loop().scheduleAtFixedRate(() -> arrive(begun, clientBase), 1, 1, TimeUnit.MILLISECONDS);
        while (System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(seconds)) {
            Thread.sleep(50);
        }
        arrivals.cancel(false);
        from.await(log -> settled == sent);
        double took = (System.nanoTime() - begun) / 1e9;
        double cpuMicros = (system.getProcessCpuTime() - cpu) / 1e3;
        Arrays.sort(latencies, 0, settled);
        System.out.printf(
                "%s: %d commands in %.1f s (%.0f/s), not committed %d, entries/s %.0f, CPU %.1f us/command (%.2f"
                        + " cores), p50 %.2f ms, p99 %.2f ms, max %.1f ms%n",
                role,
                committed,
                took,
                committed / took,
                settled - committed,
                entries / took,
                cpuMicros / settled,
                cpuMicros / 1e6 / took,
                latencies[settled / 2] / 1e6,
                latencies[settled / 100 * 99] / 1e6,
                latencies[settled - 1] / 1e6);
    }

    private void arrive(long begun, int clientBase) {
        long due = Math.min((long) rate * seconds, (System.nanoTime() - begun) * rate / 1_000_000_000L);
        while (sent < due) {
            int client = clientBase + sent;
            sent++;
            long at = System.nanoTime();
            from.log().propose(CELL, TestCells.offer(client), proposal -> {
                settle(proposal, at);
                if (proposal instanceof Proposal.Committed(var index, Outcome.Offered(var address, var time, var act))
                        && sent < due + rate) {
                    sent++;
                    long next = System.nanoTime();
                    from.log().propose(CELL, TestCells.commit(client, address), bound -> settle(bound, next));
                }
            });
        }
    }

    private void settle(Proposal proposal, long at) {
        if (proposal instanceof Proposal.Committed) {
            committed++;
        }
        if (settled < latencies.length) {
            latencies[settled] = System.nanoTime() - at;
        }
        settled++;
    }

    private final class Counter implements LeaseLog.Observer {
        @Override
        public void applied(CellId cell, Applied applied) {
            entries++;
        }

        @Override
        public void reloaded(CellId cell) {}

        @Override
        public void quorumChanged(CellId cell, QuorumState state) {}
    }
}
