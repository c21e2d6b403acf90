package org.anylease.store.config;

/**
 * A value of an option, or of a field of the header, that is worked out for each reply.
 *
 * @param expression comes to octets; with codes in place of options' names
 * @param unit the value consists of so many octets, or a multiple
 * @param most the value has so many octets at most
 */
public record ComputedValue(String expression, int unit, int most) {
    /** Checks the sizes. */
    public ComputedValue {
        if (unit < 1 || most < unit) {
            throw new IllegalArgumentException("a value of " + unit + " to " + most + " octets");
        }
    }

    /**
     * Whether a value may be sent.
     *
     * @param octets how many octets it has
     * @return true when their number is right
     */
    public boolean fits(int octets) {
        return octets > 0 && octets <= most && octets % unit == 0;
    }
}
