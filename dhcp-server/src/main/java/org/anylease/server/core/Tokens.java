package org.anylease.server.core;

/** Numbers for effects that are answered later; each is used once. */
final class Tokens {
    /** No effect awaits an answer. */
    static final long NONE = 0;

    private long last = NONE;

    long next() {
        return ++last;
    }
}
