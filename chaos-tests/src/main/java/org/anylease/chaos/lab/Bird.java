package org.anylease.chaos.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.anylease.tools.local.WatchedProcess;

/** BIRD 2 in a namespace of the laboratory. */
public final class Bird implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Path config;
    private final Path socket;
    private final WatchedProcess process;

    private Bird(Path config, Path socket, WatchedProcess process) {
        this.config = config;
        this.socket = socket;
        this.process = process;
    }

    /**
     * Starts BIRD.
     *
     * @param where in which namespace
     * @param directory for its files, one to itself; its control socket is {@code bird.ctl} there
     * @param config the text of its configuration
     * @return the daemon, ready to be asked
     * @throws IOException when it cannot be started
     * @throws InterruptedException when the waiting thread is to end
     */
    public static Bird start(Namespace where, Path directory, String config) throws IOException, InterruptedException {
        Path file = Files.createDirectories(directory).resolve("router.conf");
        Files.writeString(file, config);
        Path socket = directory.resolve("bird.ctl");
        Files.deleteIfExists(socket);
        WatchedProcess process = Background.start(
                where,
                "bird",
                directory,
                List.of("bird", "-f", "-c", file.toString(), "-s", socket.toString(), "-P", directory + "/bird.pid"));
        Bird bird = new Bird(file, socket, process);
        try {
            bird.awaitSocket();
            return bird;
        } catch (IOException | InterruptedException e) {
            bird.close();
            throw e;
        }
    }

    private void awaitSocket() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.exists(socket)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("BIRD does not start: " + process.lastLines());
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /**
     * Asks BIRD, or tells it something.
     *
     * @param words as birdc takes them
     * @return what it says
     */
    public String ask(String... words) {
        List<String> all = new ArrayList<>(List.of("birdc", "-s", socket.toString()));
        all.addAll(List.of(words));
        return Command.run(all.toArray(String[]::new)).orThrow();
    }

    /**
     * Gives BIRD another configuration, without a restart.
     *
     * @param text the configuration
     * @throws IOException when it cannot be written
     */
    public void configure(String text) throws IOException {
        Files.writeString(config, text);
        ask("configure");
    }

    /**
     * Ends BIRD as a power cut would, so that it takes no leave of its neighbours.
     *
     * @throws InterruptedException when the waiting thread is to end
     */
    public void kill() throws InterruptedException {
        process.kill();
    }

    @Override
    public void close() {
        process.close();
    }
}
