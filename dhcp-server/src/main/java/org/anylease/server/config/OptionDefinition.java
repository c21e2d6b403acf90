package org.anylease.server.config;

/**
 * What an option is called and what it holds.
 *
 * @param code 1 to 254
 * @param name as registered with IANA, in lower case with dashes
 * @param type what it holds
 */
public record OptionDefinition(int code, String name, OptionType type) {
    /** Checks the code. */
    public OptionDefinition {
        if (code < 1 || code > 254) {
            throw new IllegalArgumentException("option " + code + " does not exist (expected 1 to 254)");
        }
    }

    /** Such as {@code routers (3)}. */
    @Override
    public String toString() {
        return name + " (" + code + ")";
    }
}
