package org.anylease.server.net;

import java.io.IOException;

/** A system call that failed. */
final class NativeFailure extends IOException {
    private static final long serialVersionUID = 1;

    private final String message;
    private final int errno;

    NativeFailure(String what, int errno) {
        this.message = what + ": " + Errno.describe(errno);
        this.errno = errno;
    }

    @Override
    public String getMessage() {
        return message;
    }

    /** The error number, positive. */
    int errno() {
        return errno;
    }
}
