package org.anylease.chaos.nemesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Scenarios as text: what is understood, what is refused, and that those of the program are in order. */
class ScenarioTextTest {
    @Test
    void everyLineOfAScenarioIsUnderstood() {
        Scenario scenario = Scenario.parse("all", """
            # Everything happens.
            drivers netns docker
            needs clock
            clients 9
            at 1s cut leader from others     # both ways
            at 1s cut leader to follower1
            at 1500ms flap site1 from others every 700ms
            at 2s slow disk of leader by 400ms
            at 2s step clock by -60s
            at 3s join 6 at all
            at 12s heal
            end 15s
            expect silence at most 4s
            expect new clients at leader from 5s to 12s at least 6
            """);
        assertThat(scenario.about()).isEqualTo("Everything happens.");
        assertThat(scenario.drivers()).containsExactly("docker", "netns");
        assertThat(scenario.clients()).isEqualTo(9);
        assertThat(scenario.healing()).isEqualTo(Duration.ofSeconds(12));
        assertThat(scenario.steps().stream().map(Scenario.Step::act))
                .containsExactly(
                        new Act.Cut(new Who("leader"), new Who("others"), false),
                        new Act.Cut(new Who("leader"), new Who("follower1"), true),
                        new Act.Flap(new Who("site1"), new Who("others"), Duration.ofMillis(700)),
                        new Act.SlowDisk(new Who("leader"), Duration.ofMillis(400)),
                        new Act.StepClock(Duration.ofMinutes(-1)),
                        new Act.Join(6, new Who("all")),
                        new Act.Heal());
        assertThat(scenario.expectations())
                .containsExactly(
                        new Expectation.SilenceAtMost(Duration.ofSeconds(4)),
                        new Expectation.Acks(
                                true, new Who("leader"), Duration.ofSeconds(5), Duration.ofSeconds(12), 6));
    }

    @Test
    void lineThatNobodyUnderstandsIsRefusedWithItsPlace() {
        assertThatThrownBy(() -> Scenario.parse("bad", "# Bad.\nat 1s explode leader\nat 2s heal\nend 3s\n"))
                .hasMessageContaining("bad:2: 'at 1s explode leader'");
        assertThatThrownBy(() -> Scenario.parse("bad", "at 1s kill site4\n")).hasMessageContaining("site4");
        assertThatThrownBy(() -> Scenario.parse("bad", "at 1 kill site1\n")).hasMessageContaining("no time");
    }

    @Test
    void scenarioThatDoesNotHealIsRefused() {
        assertThatThrownBy(() -> Scenario.parse("bad", "at 1s kill leader\nend 3s\n"))
                .hasMessageContaining("the last step, and no other, is 'heal'");
    }

    @Test
    void sitesAreCountedFromTheLeaderOn() {
        assertThat(new Who("leader").sites(3)).containsExactly(3);
        assertThat(new Who("follower1").sites(3)).containsExactly(1);
        assertThat(new Who("follower2").sites(3)).containsExactly(2);
        assertThat(new Who("followers").sites(2)).containsExactly(1, 3);
        assertThat(new Who("all").sites(2)).containsExactly(1, 2, 3);
    }

    @Test
    void scenariosOfTheProgramAreWhole() throws IOException {
        List<Scenario> all = Catalogue.all();
        assertThat(all).allSatisfy(scenario -> {
            assertThat(scenario.about()).as(scenario.name()).endsWith(".");
            assertThat(scenario.drivers()).as(scenario.name()).contains("netns");
            assertThat(new TreeSet<>(List.of("netns", "docker"))).containsAll(scenario.drivers());
        });
        assertThat(all.stream().map(Scenario::name)).doesNotHaveDuplicates();
    }
}
