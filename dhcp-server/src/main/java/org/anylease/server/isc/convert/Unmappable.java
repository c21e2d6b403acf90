package org.anylease.server.isc.convert;

/** An expression that has no counterpart here. */
final class Unmappable extends Exception {
    private static final long serialVersionUID = 1;

    private final String instead;

    /** What it did or asked for, and what to do instead. */
    Unmappable(String what, String instead) {
        super(what);
        this.instead = instead;
    }

    String what() {
        return String.valueOf(getMessage());
    }

    String instead() {
        return instead;
    }
}
