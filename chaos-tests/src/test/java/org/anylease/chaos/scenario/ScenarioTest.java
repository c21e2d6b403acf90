package org.anylease.chaos.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Replays every story in {@code scenarios}. */
class ScenarioTest {
    static List<Path> stories() throws IOException, URISyntaxException {
        URI directory = Objects.requireNonNull(ScenarioTest.class.getResource("/scenarios"))
                .toURI();
        try (Stream<Path> files = Files.list(Path.of(directory))) {
            return files.filter(file -> file.toString().endsWith(".scenario"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("stories")
    void happensAsTold(Path story) throws IOException {
        new ScenarioRunner(ScenarioFile.parse(String.valueOf(story.getFileName()), Files.readString(story))).run();
        assertThat(story).isNotEmptyFile();
    }

    @Test
    void saysWhichLineIsNotUnderstood() {
        assertThatThrownBy(() -> ScenarioFile.parse("x", "given 3 sites\n\nclient c1 sings at a"))
                .hasMessage("x:3: 'sings' is no act of a client: client c1 sings at a");
        assertThatThrownBy(() -> ScenarioFile.parse("x", "after 3 weeks")).hasMessageContaining("x:1: '3' is no time");
        assertThatThrownBy(() -> ScenarioFile.parse("x", "crash a b"))
                .hasMessageContaining("'b' is not understood here");
        assertThatThrownBy(() -> ScenarioFile.parse("x", "expect 10.0.0.1"))
                .hasMessageContaining("something is missing at the end");
    }

    @Test
    void saysWhichLineHappenedOtherwise() {
        ScenarioFile told = ScenarioFile.parse("x", "given no probe\nclient c1 discovers at a -> nak");
        assertThatThrownBy(() -> new ScenarioRunner(told).run())
                .isInstanceOf(ScenarioFailed.class)
                .hasMessageStartingWith("x:2: client c1 discovers at a -> nak\n  heard ");
    }
}
