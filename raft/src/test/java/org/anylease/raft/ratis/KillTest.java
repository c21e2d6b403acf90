package org.anylease.raft.ratis;

import static org.anylease.raft.ratis.TestCells.CELL;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.anylease.raft.membership.SnapshotPolicy;
import org.anylease.store.address.Ipv4;
import org.anylease.store.lease.BindingState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KillTest {
    private static final int ENOUGH = 300;

    @TempDir
    Path directory;

    /** The child: a server that leases without end, and says each lease that was acknowledged. */
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
            TestCluster cluster = new TestCluster(Path.of(arguments[0]), 1, SnapshotPolicy.STANDARD, CELL).startAll();
            TestServer server = cluster.any();
            server.awaitQuorum(CELL);
            server.commit(CELL, TestCells.applyConfig(CELL));
            for (int client = 0; client < 100_000; client++) {
                int acknowledged = client;
                var lease = server.lease(CELL, client).thenAccept(bound -> {
                    System.out.println("bound " + acknowledged + " " + bound.address());
                    System.out.flush();
                });
                if (client % 64 == 0) {
                    lease.get(20, TimeUnit.SECONDS);
                }
            }
        }
    }

    @Test
    void everyAcknowledgedLeaseSurvivesAKill() throws Exception {
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
        TreeMap<Integer, String> acknowledged = new TreeMap<>();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                String[] words = line.split(" ", -1);
                if (words.length == 3 && words[0].equals("bound")) {
                    acknowledged.put(Integer.valueOf(words[1]), words[2]);
                    if (acknowledged.size() == ENOUGH) {
                        // By its handle: the process itself would close the pipe, with lines still in it.
                        child.toHandle().destroyForcibly();
                    }
                }
            }
        } finally {
            child.destroyForcibly();
            child.waitFor(20, TimeUnit.SECONDS);
        }
        assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(ENOUGH);

        try (TestCluster cluster = new TestCluster(directory, 1, SnapshotPolicy.STANDARD, CELL).startAll()) {
            TestServer server = cluster.any();
            // A commit of its own comes after all that was committed before.
            server.awaitQuorum(CELL);
            server.commit(CELL, TestCells.offer(200_000));
            server.onLoop(() -> {
                acknowledged.forEach((client, address) -> {
                    var binding =
                            server.table(CELL).binding(Ipv4.parse(address)).orElseThrow();
                    assertThat(binding.state()).isEqualTo(BindingState.ACTIVE);
                    assertThat(binding.client()).isNotNull();
                    assertThat(binding.client().id())
                            .isEqualTo(TestCells.client(client).id());
                });
                return null;
            });
        }
    }
}
