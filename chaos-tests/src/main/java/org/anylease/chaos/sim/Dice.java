package org.anylease.chaos.sim;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Where all chance of a simulation comes from: every part forks a generator of its own by name, so that a new roll in
 * one part does not reshuffle the others.
 */
public final class Dice {
    /** FNV-1a, 64 bits. */
    private static final long FNV_OFFSET = 0xcbf2_9ce4_8422_2325L;

    private static final long FNV_PRIME = 0x100_0000_01b3L;

    private final long seed;

    /**
     * The dice of one run.
     *
     * @param seed the run
     */
    public Dice(long seed) {
        this.seed = seed;
    }

    /**
     * A part's own generator. The same name yields the same rolls again.
     *
     * @param part the part's name
     * @return its generator
     */
    public RandomGenerator fork(String part) {
        long hash = FNV_OFFSET ^ seed;
        hash *= FNV_PRIME;
        for (int i = 0; i < part.length(); i++) {
            hash = (hash ^ part.charAt(i)) * FNV_PRIME;
        }
        return new SplittableRandom(hash ^ Long.rotateLeft(seed, 32));
    }

    static boolean chance(RandomGenerator random, double probability) {
        // Rolled even when it cannot matter, so that a probability of 0 leaves the later rolls where they were.
        return random.nextDouble() < probability;
    }

    static Duration between(RandomGenerator random, Duration least, Duration most) {
        long spread = most.minus(least).toNanos() / 1_000;
        return spread <= 0 ? least : least.plusNanos(random.nextLong(spread + 1) * 1_000);
    }
}
