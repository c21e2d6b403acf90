package org.anylease.chaos.nemesis;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.Stream;
import org.anylease.chaos.hosts.SlowSync;
import org.anylease.chaos.lab.Command;

/** What a scenario may need of this machine beyond its driver. */
final class Needs {
    static final String SLOW_SYNC = "slow-sync";
    static final String SMALL_DISK = "small-disk";
    static final String CLOCK = "clock";

    private Needs() {}

    /** Why a need cannot be met here. */
    static Optional<String> obstacle(SortedSet<String> needs) {
        return needs.stream().flatMap(need -> obstacle(need).stream()).findFirst();
    }

    private static Optional<String> obstacle(String need) {
        boolean met = switch (need) {
            case SLOW_SYNC -> SlowSync.isPossible();
            case SMALL_DISK -> Command.exists("mount");
            case CLOCK -> fakeTime().isPresent();
            default -> throw new IllegalArgumentException("'" + need + "' is nothing that a scenario can need");
        };
        return met ? Optional.empty() : Optional.of(need + " needs " + remedy(need));
    }

    private static String remedy(String need) {
        return switch (need) {
            case SLOW_SYNC -> "a C compiler (Debian: gcc libc6-dev)";
            case CLOCK -> "libfaketime (Debian: faketime)";
            default -> "mount(8)";
        };
    }

    /** libfaketime, for programs with threads. */
    static Optional<Path> fakeTime() {
        return Stream.of("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib")
                .map(directory -> Path.of(directory, "faketime", "libfaketimeMT.so.1"))
                .filter(Files::isRegularFile)
                .findFirst();
    }
}
