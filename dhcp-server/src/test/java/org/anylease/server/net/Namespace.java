package org.anylease.server.net;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;

/**
 * A network namespace made for a test. {@link #call} runs code on a thread that has moved there by setns(2): sockets
 * opened and threads started in it stay there, so that server and clients of different hosts fit into one process.
 */
final class Namespace implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final int CLONE_NEWNET = 0x4000_0000;

    private final String name;

    private Namespace(String name) {
        this.name = name;
    }

    /** Makes a namespace with loopback up; skips the test where that is not permitted. */
    static Namespace create(String role) throws Exception {
        String user = run("id", "-u").strip();
        Assumptions.assumeTrue(user.equals("0"), "network namespaces need root, this is uid " + user);
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/sbin/ip")), "network namespaces need iproute2");
        String name = "al" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet() + role;
        run("ip", "netns", "add", name);
        Namespace made = new Namespace(name);
        made.ip("link set lo up");
        return made;
    }

    String name() {
        return name;
    }

    /** Runs {@code ip -n NAME …}. */
    void ip(String command) throws Exception {
        List<String> words = new ArrayList<>(List.of("ip", "-n", name));
        words.addAll(List.of(command.split(" ")));
        run(words.toArray(String[]::new));
    }

    /** Links this namespace to another by a pair of interfaces that are up. */
    void link(String here, Namespace other, String there) throws Exception {
        ip("link add " + here + " type veth peer name " + there + " netns " + other.name);
        ip("link set " + here + " up");
        other.ip("link set " + there + " up");
    }

    /** Sets a sysctl of the namespace. */
    void sysctl(String path, String value) throws Exception {
        call(() -> Files.writeString(Path.of("/proc/sys", path), value));
    }

    /** Runs code in the namespace and waits for it. */
    <T> T call(Callable<T> code) throws Exception {
        FutureTask<T> task = new FutureTask<>(() -> {
            enter();
            return code.call();
        });
        Thread.ofPlatform().name("in-" + name).start(task);
        try {
            return task.get();
        } catch (java.util.concurrent.ExecutionException failure) {
            if (failure.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw failure;
        }
    }

    @Override
    public void close() throws IOException {
        run("ip", "netns", "del", name);
    }

    /** Runs a program to its end and returns what it wrote. */
    static String run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
        return output;
    }

    @SuppressWarnings("restricted") // Java has no word for setns(2).
    private void enter() throws Exception {
        Linker linker = Linker.nativeLinker();
        var open = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("open"),
                FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
                Linker.Option.firstVariadicArg(2));
        var setns = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("setns"), FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            int fd = (int) open.invokeExact(arena.allocateFrom("/run/netns/" + name), 0);
            int result = (int) setns.invokeExact(fd, CLONE_NEWNET);
            Libc.close(arena.allocate(Libc.CALL_STATE), fd);
            if (fd < 0 || result < 0) {
                throw new IOException("cannot enter namespace " + name);
            }
        } catch (IOException failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }
}
