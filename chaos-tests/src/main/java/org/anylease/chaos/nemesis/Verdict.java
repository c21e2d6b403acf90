package org.anylease.chaos.nemesis;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What came of a scenario.
 *
 * @param scenario its name
 * @param driver where it ran
 * @param acks how many ACKs clients got
 * @param clients how many clients there were
 * @param silence the longest time for which a client asked without an answer
 * @param healing from the healing until all copies were equal and nothing waited to be committed
 * @param violations of the invariants
 * @param disappointments what the scenario demands beyond them and did not get
 */
public record Verdict(
        String scenario,
        String driver,
        long acks,
        int clients,
        Duration silence,
        Duration healing,
        List<String> violations,
        List<String> disappointments) {
    /** Copies the lists. */
    public Verdict {
        violations = List.copyOf(violations);
        disappointments = List.copyOf(disappointments);
    }

    /**
     * Whether all is well.
     *
     * @return true without violations and disappointments
     */
    public boolean isGood() {
        return violations.isEmpty() && disappointments.isEmpty();
    }

    /**
     * The verdict in a line, and a line more for each thing that is wrong.
     *
     * @return text without a line feed at its end
     */
    public String text() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%-22s %-6s %5d ACKs of %3d clients, %d violations, longest silence %4.1f s, time to heal %4.1f s",
                scenario,
                driver,
                acks,
                clients,
                violations.size(),
                silence.toMillis() / 1000.0,
                healing.toMillis() / 1000.0));
        violations.forEach(line -> text.append("\n  VIOLATION ").append(line));
        disappointments.forEach(line -> text.append("\n  NOT AS EXPECTED ").append(line));
        return text.toString();
    }
}
