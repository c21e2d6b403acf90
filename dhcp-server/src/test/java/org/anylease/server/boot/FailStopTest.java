package org.anylease.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.anylease.raft.ratis.RatisLeaseLog;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.command.LeaseCommand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What breaks on the loop ends the server, from whichever module it comes. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FailStopTest {
    private static final CellId CELL = new CellId("default");

    @TempDir
    private Path directory;

    @Test
    void whatReplicationThrowsOnTheLoopEndsTheServer() throws Exception {
        try (DhcpServer server = DhcpServer.start(serverFile())) {
            RatisLeaseLog log = Objects.requireNonNull(server.log());
            CompletableFuture<Void> told = new CompletableFuture<>();
            server.loop()
                    .execute(() -> log.propose(CELL, new LeaseCommand.ExpireDue(1, LogIndex.NONE), proposal -> {
                        told.complete(null);
                        throw new IllegalStateException("a listener that trips");
                    }));
            told.get(30, TimeUnit.SECONDS);
            assertThat(server.failure().get(30, TimeUnit.SECONDS)).isEqualTo("a listener that trips");
        }
    }

    private Path serverFile() throws Exception {
        String address = "127.93.0.1";
        Files.writeString(
                directory.resolve("anylease.yaml"), """
                    cluster: failstop
                    service-address: 192.0.2.67
                    sites: { dc1: { servers: { dc1-a: { address: %s, raft-port: %d, link-port: %d } } } }
                    probe: { enabled: false }
                    networks: { lab: { subnets: { 10.79.0.0/24: { pools: [10.79.0.10-10.79.0.20] } } } }
                    """.formatted(address, freePort(address), freePort(address)));
        Path file = directory.resolve("dc1-a.yaml");
        Files.writeString(
                file, """
                    id: dc1-a
                    data-directory: %s
                    listen: { service: 127.93.0.21, port: %d }
                    admin: { address: %s, port: %d }
                    """.formatted(directory.resolve("data"), freePort(address), address, freePort(address)));
        return file;
    }

    private static int freePort(String address) throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(address))) {
            return socket.getLocalPort();
        }
    }
}
