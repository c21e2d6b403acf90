package org.anylease.chaos.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The runbook's sections, each with its commands and the exit codes that it says they end with. */
final class Runbook {
    private static final Path FILE = Path.of("..", "docs", "operations", "runbook.md");
    private static final Pattern COMMAND = Pattern.compile(" *\\$ anylease (.*?)(?: # (\\d))?");

    private Runbook() {}

    /** What is to be typed, and what it ends with. */
    record Typed(List<String> words, int exit) {}

    /** Sections by title, in order; what stands before the first one has the empty title. */
    static SequencedMap<String, List<Typed>> sections() throws IOException {
        return sections(FILE);
    }

    /** Sections of another document. */
    static SequencedMap<String, List<Typed>> sections(Path file) throws IOException {
        LinkedHashMap<String, List<Typed>> sections = new LinkedHashMap<>();
        String title = "";
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith("## ")) {
                title = line.substring(3);
                sections.put(title, new ArrayList<>());
            }
            Matcher command = COMMAND.matcher(line);
            if (command.matches()) {
                int exit = command.group(2) == null ? 0 : Integer.parseInt(command.group(2));
                sections.computeIfAbsent(title, _ -> new ArrayList<>())
                        .add(new Typed(List.of(command.group(1).split(" ")), exit));
            }
        }
        return sections;
    }
}
