package org.anylease.chaos.lab;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A network namespace of the laboratory: a host of its own, as far as the network goes. */
public final class Namespace {
    private final String name;

    Namespace(String name) {
        this.name = name;
        Command.run("ip", "netns", "add", name).orThrow();
        ip("link", "set", "lo", "up");
    }

    /**
     * Its name, as {@code ip netns} knows it.
     *
     * @return unique to this laboratory
     */
    public String name() {
        return name;
    }

    /**
     * Configures the namespace by iproute2's {@code ip}.
     *
     * @param words the arguments
     * @throws IllegalStateException when it fails
     */
    public void ip(String... words) {
        List<String> all = new ArrayList<>(List.of("ip", "-n", name));
        all.addAll(Arrays.asList(words));
        Command.run(all.toArray(String[]::new)).orThrow();
    }

    /**
     * Runs a program inside, to its end.
     *
     * @param words the program and its arguments
     * @return how it ended
     */
    public Command.Result run(String... words) {
        return Command.run(inside(Arrays.asList(words)).toArray(String[]::new));
    }

    private List<String> inside(List<String> words) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", name));
        all.addAll(words);
        return all;
    }

    /** Lets the namespace forward packets, as a router does. */
    void forward() {
        run(
                        "sysctl",
                        "-qw",
                        "net.ipv4.ip_forward=1",
                        "net.ipv4.conf.all.rp_filter=0",
                        "net.ipv4.conf.default.rp_filter=0")
                .orThrow();
    }

    void remove() {
        Command.run("ip", "netns", "del", name).orThrow();
    }
}
