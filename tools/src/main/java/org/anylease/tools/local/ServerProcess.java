package org.anylease.tools.local;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One server as a process of its own, with its output in a file and its end in our hands. */
public final class ServerProcess implements AutoCloseable {
    /** What a server prints once it answers clients. */
    public static final String READY = "SERVER_READY";

    private final WatchedProcess process;

    private ServerProcess(WatchedProcess process) {
        this.process = process;
    }

    /**
     * What to start.
     *
     * @param name the server's name, for messages
     * @param prefix words before the command, such as {@code ip netns exec NAME}; may be empty
     * @param jvmOptions options of the virtual machine beside those that every server needs
     * @param config the server's own configuration file
     * @param log where its output is appended
     */
    public record Launch(String name, List<String> prefix, List<String> jvmOptions, Path config, Path log) {
        /** Copies the lists. */
        public Launch {
            prefix = List.copyOf(prefix);
            jvmOptions = List.copyOf(jvmOptions);
        }
    }

    /**
     * Starts a server with this process' own JDK and class path.
     *
     * @param launch what to start
     * @return the process, perhaps not ready yet
     * @throws IOException when the process cannot be started
     */
    public static ServerProcess start(Launch launch) throws IOException {
        List<String> words = new ArrayList<>(launch.prefix);
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(launch.jvmOptions);
        words.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "org.anylease.tools.cli.Anylease",
                "server",
                "run",
                "--config",
                launch.config.toString()));
        return new ServerProcess(WatchedProcess.start(launch.name, launch.log, words));
    }

    /**
     * Waits until it answers clients.
     *
     * @param patience how long to wait
     * @return this
     * @throws IOException when it ended, or is not ready in time; the message holds its last lines
     * @throws InterruptedException when the waiting thread is to end
     */
    public ServerProcess awaitReady(Duration patience) throws IOException, InterruptedException {
        process.awaitLine(0, line -> line.contains(READY), patience);
        return this;
    }

    /**
     * The process.
     *
     * @return running or ended
     */
    public WatchedProcess process() {
        return process;
    }

    /**
     * Ends it as a power cut would: SIGKILL.
     *
     * @throws InterruptedException when the waiting thread is to end
     */
    public void kill() throws InterruptedException {
        process.kill();
    }

    /** Ends it in good order, and by SIGKILL when that takes too long. */
    @Override
    public void close() {
        process.close();
    }
}
