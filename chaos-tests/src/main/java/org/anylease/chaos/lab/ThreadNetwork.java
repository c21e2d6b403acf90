package org.anylease.chaos.lab;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** Moves a thread into a network namespace, setns(2). The thread must be a platform thread that ends afterwards. */
final class ThreadNetwork {
    private static final int O_RDONLY_CLOEXEC = 0x80000;
    private static final int CLONE_NEWNET = 0x40000000;

    private final Linker linker = Linker.nativeLinker();
    private final MethodHandle open = function(
            "open",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    private final MethodHandle setns =
            function("setns", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private final MethodHandle close =
            function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    // Native access is what this class is for; every JVM of ours is started with it.
    @SuppressWarnings("restricted")
    private MethodHandle function(String name, FunctionDescriptor type, Linker.Option... options) {
        return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(), type, options);
    }

    /**
     * Moves the calling thread.
     *
     * @param namespace the namespace's file
     * @throws IOException when the system refuses: it needs root
     */
    void enter(Path namespace) throws IOException {
        int descriptor;
        int moved;
        try (Arena arena = Arena.ofConfined()) {
            descriptor = (int) open.invokeExact(arena.allocateFrom(namespace.toString()), O_RDONLY_CLOEXEC);
            moved = descriptor < 0 ? -1 : (int) setns.invokeExact(descriptor, CLONE_NEWNET);
            if (descriptor >= 0 && (int) close.invokeExact(descriptor) != 0) {
                throw new IOException("cannot close " + namespace);
            }
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException("setns(2) cannot be called", e);
        }
        if (moved != 0) {
            throw new IOException("cannot enter the network namespace " + namespace);
        }
    }
}
