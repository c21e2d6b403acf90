package org.anylease.chaos.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.anylease.tools.local.WatchedProcess;

/** Programs that run in a namespace while a test goes on, such as a relay. */
public final class Background {
    private Background() {}

    /**
     * Starts ISC's relay on the clients' link, towards one or more servers.
     *
     * @param lab the laboratory
     * @param directory for its output
     * @param servers where it relays to
     * @return the relay, to be closed
     * @throws IOException when it cannot be started
     */
    public static WatchedProcess dhcrelay(AnycastLab lab, Path directory, String... servers) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                "dhcrelay", "-4", "-d", "-a", "-m", "forward", "-id", "clients", "-iu", "core", "-pf",
                directory.resolve("dhcrelay.pid").toString()));
        words.addAll(Arrays.asList(servers));
        return start(lab.relay(), "dhcrelay", directory, words);
    }

    /**
     * Starts a program in a namespace.
     *
     * @param namespace where
     * @param name for messages and the name of its log
     * @param directory for its output
     * @param words the program and its arguments
     * @return the process, to be closed
     * @throws IOException when it cannot be started
     */
    public static WatchedProcess start(Namespace namespace, String name, Path directory, List<String> words)
            throws IOException {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace.name()));
        all.addAll(words);
        return WatchedProcess.start(name, directory.resolve(name + ".log"), all);
    }
}
