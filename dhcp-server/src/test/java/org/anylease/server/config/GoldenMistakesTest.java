package org.anylease.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each {@code .yaml} holds a mistake, the {@code .txt} beside it what the operator is told. */
class GoldenMistakesTest {
    private static final Path MISTAKES = Path.of("src/test/resources/config/mistakes");
    private static final Path SERVER_MISTAKES = Path.of("src/test/resources/config/server-mistakes");

    private static final Path ANYCAST_MISTAKES = Path.of("src/test/resources/config/anycast-mistakes");

    @TestFactory
    Stream<DynamicTest> mistakesInTheSystemFileAreToldAsRecorded() throws IOException {
        return files(MISTAKES).stream().map(file -> test(file, ConfigFile::system));
    }

    @TestFactory
    Stream<DynamicTest> mistakesInTheServersFileAreToldAsRecorded() throws IOException {
        return files(SERVER_MISTAKES).stream().map(file -> test(file, ConfigFile::server));
    }

    @TestFactory
    Stream<DynamicTest> mistakesInTheAnnouncersFileAreToldAsRecorded() throws IOException {
        return files(ANYCAST_MISTAKES).stream().map(file -> test(file, ConfigFile::anycast));
    }

    @Test
    void thereAreAtLeastThirtyKindsOfMistakes() throws IOException {
        assertThat(files(MISTAKES)).hasSizeGreaterThanOrEqualTo(30);
    }

    private static DynamicTest test(Path file, Function<ConfigSource, ConfigReading<?>> reader) {
        String name = file.getFileName().toString();
        return DynamicTest.dynamicTest(name, () -> {
            ConfigSource source = ConfigSource.of(name, Files.readString(file));
            ConfigReading<?> reading = reader.apply(source);
            String told =
                    reading.problems().stream().map(problem -> problem + "\n").collect(Collectors.joining());
            assertThat(told).as("a mistake goes unnoticed").isNotEmpty();
            Examples.sameAsFile(told, file.resolveSibling(name.replace(".yaml", ".txt")));
        });
    }

    private static List<Path> files(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }
}
