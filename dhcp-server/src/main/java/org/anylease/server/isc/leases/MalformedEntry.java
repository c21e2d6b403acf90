package org.anylease.server.isc.leases;

import org.anylease.server.isc.syntax.Place;

/** What is wrong with a lease entry, and where. */
final class MalformedEntry extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Place at;
    private final String what;

    MalformedEntry(Place at, String what) {
        super(what, null, false, false);
        this.at = at;
        this.what = what;
    }

    Place at() {
        return at;
    }

    String what() {
        return what;
    }
}
