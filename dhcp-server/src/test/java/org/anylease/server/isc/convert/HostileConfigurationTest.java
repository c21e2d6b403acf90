package org.anylease.server.isc.convert;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.anylease.server.config.ConfigFile;
import org.anylease.server.config.ConfigReading;
import org.anylease.server.config.ConfigSource;
import org.anylease.server.isc.IscResources;
import org.anylease.server.isc.syntax.Includes;
import org.anylease.server.isc.syntax.IscFile;
import org.anylease.server.isc.syntax.Statement;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/**
 * Files with random damage end in findings, each with its place; none ends in an exception, hangs, or makes a
 * configuration that its own check refuses.
 */
final class HostileConfigurationTest {
    private static final int RUNS = Integer.getInteger("isc.fuzz.runs", 1500);
    private static final long SEED = Long.getLong("isc.fuzz.seed", 20261126L);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String MARKS = "{};\"=,.:#\\ \n()-/0aZ\u0000\u00ff";

    private static List<String> seeds() {
        List<String> seeds = new ArrayList<>();
        IscResources.files("golden", ".*\\.conf").forEach(file -> seeds.add(IscResources.text(file)));
        IscResources.files("keama", ".*\\.in4").forEach(file -> seeds.add(IscResources.text(file)));
        return seeds;
    }

    @Test
    void damageEndsInFindingsWithPlaces() {
        List<String> seeds = seeds();
        Random random = new Random(SEED);
        int made = 0;
        int malformed = 0;
        for (int run = 0; run < RUNS; run++) {
            String text = damaged(seeds, random);
            Conversion conversion = Assertions.assertTimeoutPreemptively(
                    PATIENCE, () -> converted(text), () -> "it hangs on:\n" + text);
            made += conversion.system().isEmpty() ? 0 : 1;
            malformed += conversion.count(Verdict.MALFORMED) == 0 ? 0 : 1;
        }
        assertThat(made).as("configurations made").isGreaterThan(RUNS / 50);
        assertThat(malformed).as("malformed files").isGreaterThan(RUNS / 4);
    }

    private static Conversion converted(String text) {
        IscFile file = IscFile.parse("f", text, Includes.NONE);
        List<Statement> statements = new ArrayList<>();
        Statement.walk(file.statements(), statements::add);
        Conversion conversion = Conversion.of(file.statements(), Conversion.Wishes.NONE);
        assertThat(conversion.findings()).as(text).hasSameSizeAs(statements);
        long lines = text.lines().count() + 1;
        assertThat(conversion.findings())
                .as(text)
                .allMatch(finding -> finding.at().line() >= 1
                        && finding.at().line() <= lines
                        && finding.at().column() >= 1);
        if (!conversion.system().isEmpty()) {
            ConfigReading<?> reading = ConfigFile.system(ConfigSource.of("anylease.yaml", conversion.system()));
            assertThat(reading).as("%s\n%s", reading.problems(), text).isInstanceOf(ConfigReading.Accepted.class);
        }
        return conversion;
    }

    private static String damaged(List<String> seeds, Random random) {
        StringBuilder text = new StringBuilder(seeds.get(random.nextInt(seeds.size())));
        for (int i = random.nextInt(5); i >= 0 && text.length() > 4; i--) {
            int at = random.nextInt(text.length());
            int to = Math.min(text.length(), at + random.nextInt(40));
            switch (random.nextInt(6)) {
                case 0 -> text.deleteCharAt(at);
                case 1 -> text.insert(at, MARKS.charAt(random.nextInt(MARKS.length())));
                case 2 -> text.setCharAt(at, (char) random.nextInt(256));
                case 3 -> text.insert(random.nextInt(text.length()), text.substring(at, to));
                case 4 -> text.delete(at, to);
                default -> {
                    String other = seeds.get(random.nextInt(seeds.size()));
                    int from = random.nextInt(other.length());
                    text.insert(at, other, from, Math.min(other.length(), from + random.nextInt(120)));
                }
            }
        }
        return text.toString();
    }
}
