package org.anylease.chaos.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every name that ARCHITECTURE.md gives is in the code, and every link of a document leads somewhere. */
class DocumentsTest {
    private static final Path ROOT = root();
    private static final Pattern TYPE_NAME = Pattern.compile("`([A-Z][a-z]\\w*)`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(?:#[^)]*)?\\)");
    private static final Pattern COMMAND = Pattern.compile("(?m)^(tools/bin/[a-z-]+)");

    private static Path root() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.exists(at.resolve("ARCHITECTURE.md"))) {
            at = at.getParent();
            if (at == null) {
                throw new IllegalStateException("no ARCHITECTURE.md above " + Path.of("").toAbsolutePath());
            }
        }
        return at;
    }

    private static List<Path> files(String ending) throws IOException {
        try (Stream<Path> all = Files.walk(ROOT)) {
            return all.filter(path -> path.toString().endsWith(ending))
                    .filter(path -> !path.toString().contains("/target/") && !path.toString().contains("/."))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> found(Pattern pattern, String text) {
        List<String> all = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            all.add(matcher.group(1));
        }
        return all;
    }

    @Test
    void everyTypeThatTheArchitectureNamesIsInTheCode() throws IOException {
        List<String> named = found(TYPE_NAME, Files.readString(ROOT.resolve("ARCHITECTURE.md")));
        StringBuilder code = new StringBuilder();
        for (Path file : files(".java")) {
            code.append(Files.readString(file));
        }
        TreeSet<String> missing = new TreeSet<>();
        for (String name : named) {
            if (!Pattern.compile("\\b(class|record|interface|enum) " + name + "\\b").matcher(code).find()) {
                missing.add(name);
            }
        }
        assertThat(named).hasSizeGreaterThan(40);
        assertThat(missing).isEmpty();
    }

    @Test
    void everyLinkOfADocumentLeadsSomewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        int links = 0;
        for (Path document : files(".md")) {
            for (String link : found(LINK, Files.readString(document))) {
                links++;
                if (!Files.exists(document.resolveSibling(link))) {
                    broken.add(ROOT.relativize(document) + ": " + link);
                }
            }
        }
        assertThat(links).isGreaterThan(10);
        assertThat(broken).isEmpty();
    }

    @Test
    void everyScriptThatADocumentStartsIsThereAndCanBeRun() throws IOException {
        List<String> missing = new ArrayList<>();
        for (Path document : files(".md")) {
            for (String command : found(COMMAND, Files.readString(document))) {
                if (!Files.isExecutable(ROOT.resolve(command))) {
                    missing.add(ROOT.relativize(document) + ": " + command);
                }
            }
        }
        assertThat(missing).isEmpty();
    }
}
