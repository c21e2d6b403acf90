package org.anylease.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.anylease.tools.local.WatchedProcess;
import org.jspecify.annotations.Nullable;

/** BIND 9 on a loopback address, with a forward and a reverse zone that one key may update. */
final class NameServer {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Path directory;
    private final InetAddress address;
    private final int port;
    private @Nullable WatchedProcess named;

    NameServer(Path directory, InetAddress address) throws IOException {
        this.directory = Files.createDirectories(directory);
        this.address = address;
        try (ServerSocket free = new ServerSocket(0, 1, address)) {
            port = free.getLocalPort();
        }
        Files.writeString(keyFile(), run("tsig-keygen", "-a", "hmac-sha256", "anylease"));
        Files.writeString(configuration(), """
            include "%1$s/anylease.key";
            options {
              directory "%1$s"; pid-file none; session-keyfile none; lock-file none; managed-keys-directory "%1$s";
              listen-on port %3$d { %2$s; }; listen-on-v6 { none; };
              recursion no; notify no; dnssec-validation no; allow-query { any; };
            };
            controls { };
            zone "example.net" { type primary; file "forward.zone"; allow-update { key anylease; }; };
            zone "78.10.in-addr.arpa" { type primary; file "reverse.zone"; allow-update { key anylease; }; };
            """.formatted(directory.toAbsolutePath(), address.getHostAddress(), port));
        String zone = """
            $TTL 60
            @ IN SOA ns.example.net. hostmaster.example.net. ( 1 3600 600 86400 60 )
            @ IN NS ns.example.net.
            """;
        Files.writeString(directory.resolve("forward.zone"), zone + "ns IN A 127.0.0.1\nfleet-9 IN A 192.0.2.9\n");
        Files.writeString(directory.resolve("reverse.zone"), zone);
    }

    Path keyFile() {
        return directory.resolve("anylease.key");
    }

    private Path configuration() {
        return directory.resolve("named.conf");
    }

    int port() {
        return port;
    }

    void start() throws IOException, InterruptedException {
        WatchedProcess started = WatchedProcess.start(
                "named", directory.resolve("named.log"), List.of("named", "-g", "-n", "1", "-c", configuration() + ""));
        named = started;
        started.awaitLine(0, line -> line.endsWith(" running"), PATIENCE);
    }

    void kill() throws InterruptedException {
        WatchedProcess running = named;
        if (running != null) {
            running.kill();
            named = null;
        }
    }

    /** What a resolver is told, a line for each record; empty when there is none. */
    String ask(String name, String type) throws IOException {
        return run(
                        "dig",
                        "@" + address.getHostAddress(),
                        "-p",
                        port + "",
                        "+short",
                        "+norecurse",
                        "+tries=1",
                        "+time=2",
                        name,
                        type)
                .strip();
    }

    private static String run(String... words) throws IOException {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + words[0] + " runs", e);
        }
        return said;
    }
}
