package org.anylease.chaos.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.anylease.tools.local.WatchedProcess;

/** Programs that run in a namespace while a test goes on, such as a relay. */
public final class Background {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Background() {}

    /**
     * Starts ISC's relay on the relayed link, towards one or more servers.
     *
     * @param lab the laboratory
     * @param directory for its output
     * @param servers where it relays to
     * @return the relay, ready
     * @throws IOException when it cannot be started
     * @throws InterruptedException when the waiting thread is to end
     */
    public static WatchedProcess dhcrelay(AnycastLab lab, Path directory, String... servers)
            throws IOException, InterruptedException {
        return dhcrelay(lab.relay(), directory, List.of("-a", "-id", "clients", "-iu", "core"), servers);
    }

    /**
     * Starts ISC's relay in the core, as a load balancer that spreads what relays send to the service address.
     *
     * @param lab the laboratory, routed by {@link AnycastLab#routeToCore}
     * @param directory for its output
     * @return the relay, ready
     * @throws IOException when it cannot be started
     * @throws InterruptedException when the waiting thread is to end
     */
    public static WatchedProcess balancer(AnycastLab lab, Path directory) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("-id", "relay"));
        List<String> servers = new ArrayList<>();
        for (int site = 1; site <= AnycastLab.SITES; site++) {
            words.addAll(List.of("-iu", "site" + site));
            servers.add("10.0." + site + ".2");
        }
        return dhcrelay(lab.core(), directory, words, servers.toArray(String[]::new));
    }

    private static WatchedProcess dhcrelay(Namespace where, Path directory, List<String> links, String... servers)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(
                "dhcrelay",
                "-4",
                "-d",
                "-m",
                "forward",
                "-pf",
                directory.resolve("dhcrelay.pid").toString()));
        words.addAll(links);
        words.addAll(Arrays.asList(servers));
        WatchedProcess relay = start(where, "dhcrelay", directory, words);
        try {
            relay.awaitLine(0, line -> line.contains("Socket/fallback"), PATIENCE);
            return relay;
        } catch (IOException | InterruptedException e) {
            relay.close();
            throw e;
        }
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

    /**
     * A small program of ours, with this process' own JDK and class path.
     *
     * @param main the class with its main method
     * @param arguments of the program
     * @return the words to start it with
     */
    public static List<String> java(String main, String... arguments) {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main));
        words.addAll(Arrays.asList(arguments));
        return words;
    }
}
