package org.anylease.chaos.hosts;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.anylease.chaos.lab.Command;

/** What a run that was killed could not remove: its servers and its namespaces. Names tell whose they are. */
public final class Leftovers {
    private static final Pattern NAME = Pattern.compile("ax([0-9]{1,9})_[a-z]+_[a-z0-9]+");

    private Leftovers() {}

    /**
     * What the names of this process' namespaces begin with.
     *
     * @param run told apart within this process, in small letters
     * @return such as {@code ax4711_netns_}
     */
    public static String prefix(String run) {
        return "ax" + ProcessHandle.current().pid() + "_" + run + "_";
    }

    /** Ends the servers and removes the namespaces and disks of runs whose process is no more. */
    public static void remove() {
        Command.run("ip", "netns", "list").orThrow().lines().forEach(line -> {
            String name = line.split(" ", 2)[0];
            if (owner(name).filter(pid -> ProcessHandle.of(pid).isEmpty()).isPresent()) {
                Command.run("ip", "netns", "pids", name)
                        .output()
                        .lines()
                        .forEach(pid -> ProcessHandle.of(Long.parseLong(pid.strip()))
                                .ifPresent(ProcessHandle::destroyForcibly));
                Command.run("ip", "netns", "del", name).orThrow();
            }
        });
    }

    private static Optional<Long> owner(String namespace) {
        Matcher name = NAME.matcher(namespace);
        return name.matches() ? Optional.of(Long.parseLong(name.group(1))) : Optional.empty();
    }
}
