package org.anylease.raft.ratis;

import static org.anylease.raft.ratis.TestCells.CELL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.anylease.raft.membership.SnapshotPolicy;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.replication.LeaseLog;
import org.anylease.store.replication.QuorumState;
import org.anylease.store.state.Applied;
import org.anylease.store.state.LeaseDigest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** After a power cut of all servers, each finds by itself what it had applied, whoever else is there. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReplayTest {
    private static final int ENOUGH = 60;

    @TempDir
    Path directory;

    /** The child: three servers, and a word on each entry that each of them has applied, with the digest then. */
    public static final class Child {
        public static void main(String[] arguments) throws Exception {
            // Its input ends with the process that started it, however that one ended.
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    System.in.transferTo(OutputStream.nullOutputStream());
                } catch (IOException closed) {
                    System.err.println("the input broke: " + closed);
                }
                Runtime.getRuntime().halt(1);
            });
            TestCluster cluster = new TestCluster(Path.of(arguments[0]), 3, SnapshotPolicy.STANDARD, CELL).startAll();
            cluster.leader(CELL).commit(CELL, TestCells.applyConfig(CELL));
            for (TestServer server : cluster.running.values()) {
                server.onLoop(() -> {
                    server.log().observe(new Teller(server));
                    return null;
                });
            }
            for (int client = 0; client < 100_000; client++) {
                cluster.any().lease(CELL, client).get(20, TimeUnit.SECONDS);
            }
        }
    }

    private record Teller(TestServer server) implements LeaseLog.Observer {
        @Override
        public void applied(CellId cell, Applied applied) {
            System.out.println("applied " + server.settings.server() + " " + applied.index() + " "
                    + server.table(cell).digest().value());
            System.out.flush();
        }

        @Override
        public void reloaded(CellId cell) {}

        @Override
        public void quorumChanged(CellId cell, QuorumState state) {}
    }

    @Test
    void everyServerAloneReachesWhatItHadAppliedBeforeAPowerCut() throws Exception {
        TreeMap<ServerId, LogIndex> reported = new TreeMap<>();
        TreeMap<ServerId, LeaseDigest> digests = new TreeMap<>();
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            int lines = 0;
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                String[] words = line.split(" ", -1);
                if (words.length == 4 && words[0].equals("applied")) {
                    ServerId server = new ServerId(words[1]);
                    reported.put(server, new LogIndex(Long.parseLong(words[2])));
                    digests.put(server, new LeaseDigest(Long.parseLong(words[3])));
                    if (++lines == 3 * ENOUGH) {
                        child.toHandle().destroyForcibly();
                    }
                }
            }
        } finally {
            child.destroyForcibly();
            child.waitFor(20, TimeUnit.SECONDS);
        }
        assertThat(reported).hasSize(3);

        TestCluster cluster = new TestCluster(directory, 3, SnapshotPolicy.STANDARD, CELL);
        for (ServerId id : cluster.servers) {
            LogIndex before = Objects.requireNonNull(reported.get(id));
            TestServer alone = cluster.start(id);
            replay(alone, before).get(20, TimeUnit.SECONDS);
            // What it had applied last it may not have got to say.
            assertThat(alone.onLoop(() -> alone.table(CELL).appliedIndex())).isGreaterThanOrEqualTo(before);
            if (alone.onLoop(() -> alone.table(CELL).appliedIndex()).equals(before)) {
                assertThat(alone.onLoop(() -> alone.table(CELL).digest())).isEqualTo(digests.get(id));
            }
            assertThat(alone.onLoop(() -> alone.log().quorum(CELL).reachable())).isFalse();
            assertThatThrownBy(() -> replay(alone, new LogIndex(1_000_000)).get(20, TimeUnit.SECONDS))
                    .hasRootCauseInstanceOf(IOException.class)
                    .hasRootCauseMessage("the log of cell cell-a on server " + id + " ends with entry "
                            + alone.logLast(CELL) + ", though the server had applied entry 1000000 before: its disk was"
                            + " rolled back or damaged; empty the data directory, so that the server comes back with a"
                            + " new one");
            cluster.stop(id);
        }
    }

    private static CompletableFuture<Void> replay(TestServer server, LogIndex upTo) {
        return server.log()
                .operations()
                .replay(CELL, upTo)
                .thenAccept(done -> {})
                .toCompletableFuture();
    }
}
