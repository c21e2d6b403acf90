package org.anylease.tools.cli;

import java.util.Map;
import picocli.CommandLine.Option;

/** Options of commands that change the configuration. */
final class ChangeOptions {
    @Option(names = "--yes", description = "Do it.")
    private boolean yes;

    @Option(names = "--author", paramLabel = "NAME", defaultValue = "", description = "Who asks (default: $USER).")
    private String author = "";

    @Option(
            names = "--based-on",
            paramLabel = "VERSION",
            defaultValue = "-1",
            description = "Refuse unless this version is in force (default: the one in force now).")
    private long basedOn;

    boolean yes() {
        return yes;
    }

    long basedOn(long inForce) {
        return basedOn < 0 ? inForce : basedOn;
    }

    String author(Map<String, String> environment) {
        return author.isEmpty() ? environment.getOrDefault("USER", "unknown") : author;
    }
}
