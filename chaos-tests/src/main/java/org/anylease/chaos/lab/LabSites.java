package org.anylease.chaos.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.anylease.tools.local.ServerProcess;

/** A server at each site of a laboratory. Used by one thread. */
public final class LabSites implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int ADMIN_PORT = 6780;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final AnycastLab lab;
    private final Path directory;
    private final TreeMap<Integer, ServerProcess> running = new TreeMap<>();

    /**
     * Writes the configuration; nothing is started yet.
     *
     * @param lab where the sites are
     * @param directory where the servers keep everything
     * @param networks the {@code networks:} section of the system file
     * @throws IOException when it cannot be written
     */
    public LabSites(AnycastLab lab, Path directory, String networks) throws IOException {
        this.lab = lab;
        this.directory = directory;
        StringBuilder system =
                new StringBuilder("cluster: lab\nservice-address: " + AnycastLab.SERVICE_ADDRESS + "\nsites:\n");
        for (int site = 1; site <= AnycastLab.SITES; site++) {
            system.append("  site" + site + ": { servers: { site" + site + "-a: 10.0." + site + ".2 } }\n");
            Files.writeString(serverFile(site), """
                id: site%1$d-a
                data-directory: %2$s
                listen: { interfaces: [lan0] }
                """.formatted(site, directory.resolve("site" + site)));
        }
        Files.writeString(directory.resolve("anylease.yaml"), system + networks);
    }

    private Path serverFile(int site) {
        return directory.resolve("site" + site + ".yaml");
    }

    /**
     * Starts the servers of all sites and waits until they answer clients.
     *
     * @throws IOException when one does not; the message holds what it printed
     * @throws InterruptedException when the waiting thread is to end
     */
    public void startAll() throws IOException, InterruptedException {
        launchAll();
        awaitAll();
    }

    /**
     * Starts the servers of all sites, and does not wait for them.
     *
     * @throws IOException when one cannot be started
     */
    public void launchAll() throws IOException {
        for (int site = 1; site <= AnycastLab.SITES; site++) {
            launch(site);
        }
    }

    /**
     * Waits until all servers that were started answer clients.
     *
     * @throws IOException when one does not; the message holds what it printed
     * @throws InterruptedException when the waiting thread is to end
     */
    public void awaitAll() throws IOException, InterruptedException {
        for (ServerProcess server : running.values()) {
            server.awaitReady(PATIENCE);
        }
    }

    /**
     * Ends a site's server as a power cut would.
     *
     * @param site counted from 1
     * @throws InterruptedException when the waiting thread is to end
     */
    public void kill(int site) throws InterruptedException {
        ServerProcess server = running.remove(site);
        if (server == null) {
            throw new IllegalStateException("no server runs at site " + site);
        }
        server.kill();
    }

    /**
     * Starts a site's server, and does not wait for it.
     *
     * @param site counted from 1
     * @throws IOException when it cannot be started
     */
    public void launch(int site) throws IOException {
        ServerProcess server = ServerProcess.start(new ServerProcess.Launch(
                "site" + site,
                List.of("ip", "netns", "exec", lab.site(site).name()),
                List.of("-Xmx256m", "-XX:+UseSerialGC"),
                serverFile(site),
                directory.resolve("site" + site + ".log")));
        running.put(site, server);
    }

    /**
     * What the admin API of a site's server answers.
     *
     * @param site counted from 1
     * @param path such as {@code /v1/cells}
     * @return the answer
     * @throws IOException when it is no JSON, or the server does not answer
     */
    public JsonNode ask(int site, String path) throws IOException {
        Command.Result answer =
                lab.site(site).run("curl", "-sS", "--max-time", "10", "http://127.0.0.1:" + ADMIN_PORT + path);
        return MAPPER.readTree(answer.orThrow());
    }

    /**
     * Asks a site's server again and again until the answer is as wanted.
     *
     * @param site counted from 1
     * @param path such as {@code /v1/leases}
     * @param wanted whether it is
     * @return the answer
     * @throws IOException when it is not within a minute and a half; the message holds the last answer
     * @throws InterruptedException when the waiting thread is to end
     */
    public JsonNode await(int site, String path, Predicate<JsonNode> wanted) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        JsonNode answer = ask(site, path);
        while (!wanted.test(answer)) {
            if (System.nanoTime() > deadline) {
                throw new IOException(path + " at site " + site + " is not as wanted: " + answer);
            }
            TimeUnit.MILLISECONDS.sleep(200);
            answer = ask(site, path);
        }
        return answer;
    }

    /**
     * Waits until all sites are at one digest.
     *
     * @throws IOException when they do not agree in time
     * @throws InterruptedException when the waiting thread is to end
     */
    public void awaitAgreement() throws IOException, InterruptedException {
        await(
                1,
                "/v1/cells",
                cells -> cells.path("cells").path(0).path("digests").asText().equals("agree"));
    }

    /** Ends all servers in good order. */
    @Override
    public void close() {
        running.values().forEach(ServerProcess::close);
        running.clear();
    }
}
