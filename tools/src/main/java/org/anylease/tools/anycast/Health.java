package org.anylease.tools.anycast;

import java.util.Locale;
import java.util.Optional;

/** How the local server is, the best first. */
public enum Health {
    /** It answers, and has its quorum. */
    SERVING,
    /** It answers, but is cut off from the quorum of a cell, or says itself that others should be asked. */
    ALONE,
    /** It does not answer. */
    FAILING;

    /** Whether this is better. */
    boolean isBetterThan(Health other) {
        return compareTo(other) < 0;
    }

    /** The better of two. */
    Health orBetter(Health other) {
        return compareTo(other) <= 0 ? this : other;
    }

    /** The worse of two. */
    Health orWorse(Health other) {
        return compareTo(other) >= 0 ? this : other;
    }

    /**
     * As files and messages write it.
     *
     * @return such as {@code serving}
     */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * What a file says.
     *
     * @param word such as {@code serving}
     * @return empty when it is none
     */
    public static Optional<Health> ofWord(String word) {
        for (Health health : values()) {
            if (health.word().equals(word)) {
                return Optional.of(health);
            }
        }
        return Optional.empty();
    }
}
