package org.anylease.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.anylease.server.config.ConfigReading.Accepted;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ExampleFilesTest {
    @TestFactory
    Stream<DynamicTest> everyExampleIsAcceptedWithoutWarning() throws IOException {
        try (var files = Files.list(Examples.ROOT.resolve("docs/examples"))) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".yaml"))
                    .sorted()
                    .toList()
                    .stream()
                    .map(name -> DynamicTest.dynamicTest(name, () -> {
                        ConfigSource source = Examples.example(name);
                        ConfigReading<?> reading =
                                name.startsWith("server") ? ConfigFile.server(source) : ConfigFile.system(source);
                        assertThat(reading.problems()).isEmpty();
                        assertThat(reading).isInstanceOf(Accepted.class);
                    }));
        }
    }

    private static List<Path> anycastExamples() throws IOException {
        try (var files = Files.list(Examples.ROOT.resolve("docs/examples/anycast"))) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    @TestFactory
    Stream<DynamicTest> everyExampleForTheAnnouncerIsAcceptedWithoutWarning() throws IOException {
        return anycastExamples().stream()
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> {
                    ConfigReading<?> reading = ConfigFile.anycast(ConfigSource.read(file));
                    assertThat(reading.problems()).isEmpty();
                    assertThat(reading).isInstanceOf(Accepted.class);
                }));
    }

    @Test
    void theExamplesWithManyFeaturesUseEveryKeyThereIs() throws IOException {
        String text = Files.readString(Examples.ROOT.resolve("docs/examples/many-features.yaml"))
                + Files.readString(Examples.ROOT.resolve("docs/examples/server-many-features.yaml"))
                + Files.readString(Examples.ROOT.resolve("docs/examples/minimal.yaml"));
        for (Path example : anycastExamples()) {
            text += Files.readString(example);
        }
        TreeSet<String> unused = new TreeSet<>();
        for (Concept concept : Concept.values()) {
            for (Key key : concept.keys()) {
                if (!text.matches("(?s).*(^|[\\s{,])" + key.name() + ":.*")) {
                    unused.add(concept.id() + "." + key.name());
                }
            }
        }
        assertThat(unused).isEmpty();
    }

    @Test
    void theMinimalFileHasFifteenLines() throws IOException {
        try (var lines = Files.lines(Examples.ROOT.resolve("docs/examples/minimal.yaml"))) {
            assertThat(lines.filter(line -> !line.startsWith("#"))).hasSizeLessThanOrEqualTo(15);
        }
    }
}
