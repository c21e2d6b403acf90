package org.anylease.server.isc.convert;

import org.anylease.server.isc.syntax.Place;

/**
 * What became of one statement.
 *
 * @param at where the statement stands
 * @param source how it begins
 * @param verdict what became of it
 * @param what how it differs, what it did, or what is wrong; may be empty when it is converted
 * @param instead what to do instead; may be empty
 */
public record Finding(Place at, String source, Verdict verdict, String what, String instead) {
    /** One line, such as {@code dhcpd.conf:3:1: not supported: min-secs 2: …}. */
    @Override
    public String toString() {
        return at + ": " + verdict.shown() + ": " + source + (what.isEmpty() ? "" : ": " + what)
                + (instead.isEmpty() ? "" : "; " + instead);
    }
}
