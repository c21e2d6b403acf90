package org.anylease.store.codec;

/** Bytes are of a version that this program does not know, or are damaged; the message names which. */
public final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Names what could not be read.
     *
     * @param message what it is, where, the version found and the versions known
     */
    public UnreadableException(String message) {
        super(message);
    }
}
