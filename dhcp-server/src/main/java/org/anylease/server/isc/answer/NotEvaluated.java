package org.anylease.server.isc.answer;

/** Something that files alone do not tell. */
final class NotEvaluated extends Exception {
    private static final long serialVersionUID = 1L;

    NotEvaluated(String why) {
        super(why, null, false, false);
    }

    String why() {
        return String.valueOf(getMessage());
    }
}
