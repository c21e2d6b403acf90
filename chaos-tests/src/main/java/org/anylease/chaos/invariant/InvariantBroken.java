package org.anylease.chaos.invariant;

/** An invariant did not hold. */
public final class InvariantBroken extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String invariant;

    /**
     * Tells which and how.
     *
     * @param invariant its name
     * @param how what was seen
     */
    public InvariantBroken(String invariant, String how) {
        super(invariant + ": " + how);
        this.invariant = invariant;
    }

    /**
     * Which one.
     *
     * @return its name
     */
    public String invariant() {
        return invariant;
    }
}
