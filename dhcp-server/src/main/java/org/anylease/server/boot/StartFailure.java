package org.anylease.server.boot;

/** The server cannot start; the message says what is wrong and what to do. */
public final class StartFailure extends Exception {
    private static final long serialVersionUID = 1L;

    StartFailure(String message) {
        super(message);
    }

    StartFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
