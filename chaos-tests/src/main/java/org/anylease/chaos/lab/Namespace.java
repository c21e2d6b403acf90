package org.anylease.chaos.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A network namespace of the laboratory: a host of its own, as far as the network goes. */
public final class Namespace {
    private final String name;

    private Namespace(String name, List<String> making) {
        this.name = name;
        Command.run(making.toArray(String[]::new)).orThrow();
        ip("link", "set", "lo", "up");
    }

    /**
     * Makes a namespace.
     *
     * @param name its name, not used on this machine yet
     */
    public Namespace(String name) {
        this(name, List.of("ip", "netns", "add", name));
    }

    /**
     * Names the namespace that a process is in, such as that of a container.
     *
     * @param name its name, not used on this machine yet
     * @param pid the process
     * @return the namespace, which {@link #remove} forgets and leaves to the process
     */
    public static Namespace of(String name, long pid) {
        return new Namespace(name, List.of("ip", "netns", "attach", name, Long.toString(pid)));
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

    /**
     * Runs something of this process inside: sockets that it opens belong to the namespace, wherever they are used.
     *
     * @param task what to run, on a thread of its own
     * @param <T> what it returns
     * @return what it returned
     * @throws IOException when it fails, with its exception as the cause
     * @throws InterruptedException when the waiting thread is to end
     */
    public <T> T inside(Callable<T> task) throws IOException, InterruptedException {
        FutureTask<T> future = new FutureTask<>(() -> {
            new ThreadNetwork().enter(Path.of("/run/netns", name));
            return task.call();
        });
        Thread.ofPlatform().name("inside-" + name).daemon().start(future);
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IOException("in namespace " + name + ": " + e.getCause(), e.getCause());
        }
    }

    /** Lets the namespace forward packets, as a router does. */
    public void forward() {
        run(
                        "sysctl",
                        "-qw",
                        "net.ipv4.ip_forward=1",
                        "net.ipv4.conf.all.rp_filter=0",
                        "net.ipv4.conf.default.rp_filter=0")
                .orThrow();
    }

    /** Takes the name away; what lives in the namespace lives on, without a name. */
    public void remove() {
        Command.run("ip", "netns", "del", name).orThrow();
    }
}
