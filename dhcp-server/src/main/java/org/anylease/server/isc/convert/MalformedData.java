package org.anylease.server.isc.convert;

import org.anylease.server.isc.syntax.Piece;
import org.anylease.server.isc.syntax.Place;
import org.jspecify.annotations.Nullable;

/** A value that does not fit its option's format; or a host's name where an address belongs, which is not looked up. */
final class MalformedData extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable Place at;
    private final boolean needsLookup;

    MalformedData(@Nullable Piece at, String what) {
        this(at, what, false);
    }

    MalformedData(@Nullable Piece at, String what, boolean needsLookup) {
        super(what, null, false, false);
        this.at = at == null ? null : at.at();
        this.needsLookup = needsLookup;
    }

    /** Puts into an entry what is wrong; {@code lookup} says what to do when a name would have to be looked up. */
    void settle(Ledger.Entry entry, String lookup) {
        String what = String.valueOf(getMessage());
        if (needsLookup) {
            entry.refuse(what, lookup);
        } else {
            entry.malformed(what, at == null ? entry.at() : at);
        }
    }
}
