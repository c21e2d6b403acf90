package org.anylease.raft.ratis;

import static org.anylease.raft.ratis.TestCells.CELL;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.anylease.raft.event.RaftEvent;
import org.anylease.raft.membership.SnapshotPolicy;
import org.anylease.raft.membership.TlsFiles;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Mutual TLS on Raft's connections and on the link, with keys made for the test. */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsTest {
    private static final String PASSWORD = "changeit";

    @TempDir
    Path directory;

    @Test
    void serversTalkByMutualTlsAndRefuseAStranger() throws Exception {
        try (TestCluster cluster = new TestCluster(directory.resolve("data"), 3, SnapshotPolicy.STANDARD, CELL)) {
            StringBuilder authorities = new StringBuilder();
            for (ServerId server : cluster.servers) {
                authorities.append(certificate(server.name()));
            }
            Path trusted = Files.writeString(directory.resolve("authorities.pem"), authorities);
            for (ServerId server : cluster.servers) {
                cluster.tls.put(server, files(server.name(), trusted));
            }
            cluster.startAll();
            cluster.leader(CELL).commit(CELL, TestCells.applyConfig(CELL));
            List<CompletableFuture<Outcome.Bound>> leases = new ArrayList<>();
            for (TestServer server : cluster.running.values()) {
                leases.add(server.lease(CELL, leases.size()));
            }
            for (CompletableFuture<Outcome.Bound> lease : leases) {
                assertThat(lease.get(20, TimeUnit.SECONDS).address()).isNotNull();
            }
            RatisLeaseLogTest.awaitAgreement(cluster);

            ServerId replaced = cluster.follower(CELL).settings.server();
            cluster.stop(replaced);
            certificate("stranger");
            cluster.tls.put(replaced, files("stranger", trusted));
            TestServer stranger = cluster.start(replaced);
            stranger.await(log -> stranger.events.stream().anyMatch(TlsTest::saysThatTlsFailed));
            assertThat(stranger.onLoop(() -> stranger.log().quorum(CELL).reachable()))
                    .isFalse();
            for (ServerId other : cluster.servers) {
                assertThat(stranger.onLoop(() -> stranger.log().links().isUp(other)))
                        .isFalse();
            }
        }
    }

    private static boolean saysThatTlsFailed(RaftEvent event) {
        return event instanceof RaftEvent.LinkDown down
                && (down.reason().contains("certificate") || down.reason().contains("SSL"));
    }

    private TlsFiles files(String name, Path authorities) {
        return new TlsFiles(
                directory.resolve(name + ".key.pem"), directory.resolve(name + ".certificate.pem"), authorities);
    }

    /** Makes a key and its own certificate, for 127.0.0.1; the certificate as PEM. */
    private String certificate(String name) throws Exception {
        Path store = directory.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        name,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        String certificate = pem("CERTIFICATE", keys.getCertificate(name).getEncoded());
        Files.writeString(directory.resolve(name + ".certificate.pem"), certificate);
        Files.writeString(
                directory.resolve(name + ".key.pem"),
                pem("PRIVATE KEY", keys.getKey(name, PASSWORD.toCharArray()).getEncoded()));
        return certificate;
    }

    private static String pem(String what, byte[] encoded) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded) + "\n-----END " + what
                + "-----\n";
    }
}
