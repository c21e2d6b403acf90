package org.anylease.chaos.nemesis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every scenario in network namespaces, and some in Docker containers, with real processes. */
class ChaosIT {
    @TempDir
    private Path directory;

    @Test
    void everyScenarioInNetworkNamespaces() throws Exception {
        perform("netns");
    }

    @Test
    void scenariosInDockerContainers() throws Exception {
        perform("docker");
    }

    private void perform(String driver) throws Exception {
        Optional<String> obstacle = Chaos.obstacle(driver);
        if (obstacle.isPresent()) {
            String skipped = "SKIPPED chaos on " + driver + ": " + obstacle.get();
            System.out.println(skipped);
            assertThat(System.getenv("CHAOS_REQUIRED")).as(skipped).isNotEqualTo("true");
            Assumptions.abort(skipped);
        }
        List<Scenario> scenarios = Catalogue.all().stream()
                .filter(scenario -> scenario.drivers().contains(driver))
                .toList();
        List<Verdict> verdicts = new Chaos(Path.of("..", "tools"), directory, System.out).run(driver, scenarios);
        verdicts.forEach(verdict -> System.out.println(verdict.text()));
        assertThat(verdicts)
                .isNotEmpty()
                .allSatisfy(verdict ->
                        assertThat(verdict.isGood()).as(verdict.text()).isTrue());
    }
}
