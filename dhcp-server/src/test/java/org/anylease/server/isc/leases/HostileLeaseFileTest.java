package org.anylease.server.isc.leases;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.anylease.server.isc.IscResources;
import org.anylease.server.isc.convert.Verdict;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Lease files with random damage end in one finding at least for each entry; none in an exception, and none hangs. */
final class HostileLeaseFileTest {
    private static final int RUNS = Integer.getInteger("isc.fuzz.runs", 400);
    private static final long SEED = Long.getLong("isc.fuzz.seed", 20261127L);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final String MARKS = "{};\"=,.:#\\ \n/0aZ9-\u0000\u00ff";

    @Test
    void damageEndsInFindings() {
        String whole = IscResources.text(Path.of("src/test/resources/isc/leases/states.leases"));
        Random random = new Random(SEED);
        int malformed = 0;
        int kept = 0;
        for (int run = 0; run < RUNS; run++) {
            String text = damaged(whole, random);
            LeaseConversion conversion = Assertions.assertTimeoutPreemptively(
                    PATIENCE, () -> converted(text), () -> "it hangs on:\n" + text);
            malformed += conversion.count(Verdict.MALFORMED) > 2 ? 1 : 0;
            kept += conversion.states().getOrDefault("active", 0) > 4 ? 1 : 0;
        }
        assertThat(malformed)
                .as("files with more that is malformed than before")
                .isGreaterThan(RUNS / 4);
        assertThat(kept).as("files of which most leases are kept").isGreaterThan(RUNS / 4);
    }

    private static LeaseConversion converted(String text) {
        LeaseFile file = LeaseFile.read("f", text);
        LeaseConversion conversion =
                LeaseConversion.of(file, LeaseFileTest.cells(), LeaseConversion.Declarations.LEFT_OUT, NOW);
        assertThat(conversion.findings().size()).as(text).isGreaterThanOrEqualTo(file.entries());
        return conversion;
    }

    private static String damaged(String whole, Random random) {
        StringBuilder text = new StringBuilder(whole);
        for (int i = random.nextInt(5); i >= 0; i--) {
            int at = random.nextInt(text.length());
            int to = Math.min(text.length(), at + random.nextInt(40));
            switch (random.nextInt(5)) {
                case 0 -> text.deleteCharAt(at);
                case 1 -> text.insert(at, MARKS.charAt(random.nextInt(MARKS.length())));
                case 2 -> text.setCharAt(at, (char) random.nextInt(256));
                case 3 -> text.insert(random.nextInt(text.length()), text.substring(at, to));
                default -> text.delete(at, to);
            }
        }
        return text.toString();
    }
}
