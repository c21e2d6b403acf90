package org.anylease.chaos.sim;

import java.util.List;
import org.anylease.chaos.invariant.InvariantBroken;

/** A run ended with a broken invariant, or with a server that threw. */
public final class SimulationFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final long seed;

    /**
     * Tells what an engineer needs to see it again.
     *
     * @param seed the run
     * @param last the last lines of its trace
     * @param cause what broke
     */
    public SimulationFailed(long seed, List<String> last, RuntimeException cause) {
        super(text(seed, last, cause), cause);
        this.seed = seed;
    }

    private static String text(long seed, List<String> last, RuntimeException cause) {
        return "seed " + seed + " of commit " + Commit.ofTree() + " failed: " + cause + "\n"
                + String.join("\n", last) + "\n"
                + "replay: tools/bin/sim --seeds " + seed + " --trace";
    }

    /**
     * Which run.
     *
     * @return its seed
     */
    public long seed() {
        return seed;
    }

    /**
     * What broke.
     *
     * @return the invariant's name, or the class of what a server threw
     */
    public String broken() {
        return getCause() instanceof InvariantBroken broken
                ? broken.invariant()
                : String.valueOf(getCause() == null ? "" : getCause().getClass().getSimpleName());
    }
}
