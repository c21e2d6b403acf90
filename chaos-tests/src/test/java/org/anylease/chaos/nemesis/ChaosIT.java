package org.anylease.chaos.nemesis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Scenarios with real processes in network namespaces: those that have been seen to end well. {@code tools/bin/chaos} runs
 * all of them.
 */
class ChaosIT {
    private static final List<String> SEEN = List.of("kill-leader", "power-cut");

    @TempDir
    private Path directory;

    @Test
    void scenariosInNetworkNamespaces() throws Exception {
        Optional<String> obstacle = Chaos.obstacle("netns");
        if (obstacle.isPresent()) {
            String skipped = "SKIPPED chaos in network namespaces: " + obstacle.get();
            System.out.println(skipped);
            Assumptions.abort(skipped);
        }
        List<Scenario> scenarios = Catalogue.all().stream()
                .filter(scenario -> SEEN.contains(scenario.name()))
                .toList();
        assertThat(scenarios).hasSameSizeAs(SEEN);
        List<Verdict> verdicts = new Chaos(Path.of("..", "tools"), directory, System.out).run("netns", scenarios);
        verdicts.forEach(verdict -> System.out.println(verdict.text()));
        assertThat(verdicts)
                .hasSameSizeAs(SEEN)
                .allSatisfy(verdict ->
                        assertThat(verdict.isGood()).as(verdict.text()).isTrue());
    }
}
