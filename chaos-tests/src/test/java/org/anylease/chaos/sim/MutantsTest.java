package org.anylease.chaos.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.anylease.chaos.sim.Mutants.Mutant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Breaks one rule at a time, and demands that a checker sees it within so many seeds. */
class MutantsTest {
    private static final int SEEDS_MAX = 200;

    static Stream<Mutant> mutants() {
        return Mutants.all().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mutants")
    void seesWhatIsBroken(Mutant mutant) {
        TreeMap<String, Integer> found = new TreeMap<>();
        for (long seed = mutant.first(); seed < mutant.first() + SEEDS_MAX; seed++) {
            try {
                new Simulation(seed, mutant.fresh().get(), null).run();
            } catch (SimulationFailed e) {
                found.merge(e.broken(), 1, Integer::sum);
                if (mutant.foundBy().contains(e.broken())) {
                    System.out.println("mutant " + mutant.name() + ": " + e.broken() + " at seed " + seed);
                    return;
                }
            }
        }
        assertThat(found.keySet())
                .as("%s within %d seeds", mutant.name(), SEEDS_MAX)
                .containsAnyElementsOf(new ArrayList<>(mutant.foundBy()));
    }
}
