package org.anylease.server.isc.syntax;

/**
 * What is wrong with a file, and where.
 *
 * @param at where
 * @param what what is wrong, and what was expected
 */
public record SyntaxProblem(Place at, String what) {
    /** Such as {@code dhcpd.conf:12:5: expected ';'}. */
    @Override
    public String toString() {
        return at + ": " + what;
    }
}
