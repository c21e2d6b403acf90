package org.anylease.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.anylease.server.config.ConfigChange.Kind;
import org.anylease.server.config.ConfigChange.Subject;
import org.anylease.store.address.Ipv4;
import org.junit.jupiter.api.Test;

class ConfigDiffTest {
    private static final String BEFORE = Examples.around(
            "options: { domain-name: a.example }",
            "reservations: [{ hardware: 02:00:00:00:00:01, address: 10.0.0.5 }]");

    /** Leases run on 10.0.0.15 to 10.0.0.18 and on 10.0.0.5. */
    private static final LeaseCount LEASES =
            range -> List.of("10.0.0.5", "10.0.0.15", "10.0.0.16", "10.0.0.17", "10.0.0.18").stream()
                    .filter(address -> range.contains(Ipv4.parse(address)))
                    .count();

    private static List<String> lines(String after) {
        return diff(after).lines();
    }

    private static ConfigDiff diff(String after) {
        return ConfigDiff.between(
                Examples.system(BEFORE).slices(1), Examples.system(after).slices(2), LEASES);
    }

    @Test
    void equalFilesDoNotDiffer() {
        assertThat(diff(BEFORE).isEmpty()).isTrue();
    }

    @Test
    void aPoolShrunkUnderLeasesTellsHowManyRunOutAndThatNoneIsCut() {
        ConfigDiff diff = diff(BEFORE.replace("10.0.0.10-10.0.0.20", "10.0.0.10-10.0.0.16"));
        assertThat(diff.lines())
                .containsExactly("~ default/office/10.0.0.0/24 pool: 10.0.0.10-10.0.0.20 -> 10.0.0.10-10.0.0.16;"
                        + " 2 leases run out by themselves, none is cut");
        assertThat(diff.changes().getFirst().leases()).isEqualTo(2);
        assertThat(diff.changes().getFirst().kind()).isEqualTo(Kind.CHANGED);
        assertThat(diff.changes().getFirst().subject()).isEqualTo(Subject.POOL);
    }

    @Test
    void aPoolSplitInTwoLosesOnlyTheGap() {
        assertThat(lines(BEFORE.replace("[10.0.0.10-10.0.0.20]", "[10.0.0.10-10.0.0.14, 10.0.0.16-10.0.0.20]")))
                .containsExactly(
                        "~ default/office/10.0.0.0/24 pool: 10.0.0.10-10.0.0.20 -> 10.0.0.10-10.0.0.14;"
                                + " 1 lease runs out by itself, none is cut",
                        "+ default/office/10.0.0.0/24 pool: 10.0.0.16-10.0.0.20",
                        "+ default/office/10.0.0.0/24/10.0.0.16-10.0.0.20 lease times: 1h (5m to 1d)");
    }

    @Test
    void aChangedOptionIsToldToAllLeasesOfItsLevel() {
        assertThat(lines(BEFORE.replace("a.example", "b.example")))
                .containsExactly("~ default option domain-name (15): \"a.example\" -> \"b.example\";"
                        + " 5 leases learn of it at the next renewal");
    }

    @Test
    void timersAndLeaseTimesAreCompared() {
        assertThat(lines("timers: { mclt: 1h }\nlease: 2h\n" + BEFORE))
                .containsExactly(
                        "~ default timer mclt: 1d -> 1h",
                        "~ default/office/10.0.0.0/24 lease times: 1h (5m to 1d) -> 2h (5m to 1d);"
                                + " 5 leases learn of it at the next renewal",
                        "~ default/office/10.0.0.0/24/10.0.0.10-10.0.0.20 lease times: 1h (5m to 1d) -> 2h (5m to 1d);"
                                + " 4 leases learn of it at the next renewal",
                        "~ default/office/10.0.0.0/24/10.0.0.5 lease times: 1h (5m to 1d) -> 2h (5m to 1d);"
                                + " 1 lease learns of it at the next renewal");
    }

    @Test
    void whatAServerMayDoAloneIsCompared() {
        assertThat(lines("timers: { commit-deadline: 1s }\nescrow: { floor: 8, autonomy: 3d }\n" + BEFORE))
                .containsExactly(
                        "~ default timer commit-deadline: 300ms -> 1s",
                        "~ default escrow autonomy: 1d -> 3d",
                        "~ default escrow floor: 16 -> 8",
                        "~ default escrow term: 2d -> 6d");
    }

    @Test
    void aRemovedSubnetIsOneLine() {
        assertThat(lines(BEFORE.replace("10.0.0.", "10.0.9.")))
                .startsWith("- default/office subnet 10.0.0.0/24; 5 leases run out by themselves, none is cut")
                .contains("+ default/office subnet 10.0.9.0/24")
                .filteredOn(line -> line.startsWith("-"))
                .hasSize(1);
    }

    @Test
    void reservationsAndMembersComeAndGo() {
        assertThat(lines(BEFORE.replace("00:01", "00:02")
                        .replace("dc1-a: 10.1.0.2", "dc1-a: 10.1.0.2, dc1-b: 10.1.0.3")))
                .containsExactly(
                        "+ default member dc1-b: at dc1, 10.1.0.3",
                        "~ default/office/10.0.0.0/24 reservation 10.0.0.5: hw 01:02:00:00:00:00:01 ->"
                                + " hw 01:02:00:00:00:00:02; 1 lease learns of it at the next renewal");
    }

    @Test
    void poolsInAnotherOrderDiffer() {
        String two = BEFORE.replace("[10.0.0.10-10.0.0.20]", "[10.0.0.10-10.0.0.12, 10.0.0.14-10.0.0.20]");
        String swapped = BEFORE.replace("[10.0.0.10-10.0.0.20]", "[10.0.0.14-10.0.0.20, 10.0.0.10-10.0.0.12]");
        assertThat(ConfigDiff.between(Examples.system(two), Examples.system(swapped))
                        .lines())
                .containsExactly("~ default/office/10.0.0.0/24 order pools: 10.0.0.10-10.0.0.12, 10.0.0.14-10.0.0.20 ->"
                        + " 10.0.0.14-10.0.0.20, 10.0.0.10-10.0.0.12");
    }

    @Test
    void everyExampleDiffersFromEveryOther() {
        List<String> names = List.of("minimal.yaml", "three-sites.yaml", "many-features.yaml");
        for (String a : names) {
            for (String b : names) {
                ConfigDiff diff =
                        ConfigDiff.between(Examples.system(Examples.example(a)), Examples.system(Examples.example(b)));
                assertThat(diff.isEmpty()).as("%s and %s", a, b).isEqualTo(a.equals(b));
            }
        }
    }
}
