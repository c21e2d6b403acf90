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
        // How soon and how many is a matter of the machine: those expectations are printed, and tools/bin/chaos ends
        // with 1
        // for them. The promises have to hold anywhere.
        assertThat(verdicts)
                .hasSameSizeAs(scenarios)
                .isNotEmpty()
                .allSatisfy(verdict ->
                        assertThat(verdict.violations()).as(verdict.text()).isEmpty())
                .allSatisfy(
                        verdict -> assertThat(verdict.acks()).as(verdict.text()).isPositive());
    }
}
