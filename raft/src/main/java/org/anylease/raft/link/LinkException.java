package org.anylease.raft.link;

/** A question to a peer got no answer, or the answer was that it failed; the message says which. */
public final class LinkException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Names what went wrong.
     *
     * @param message the peer, and what went wrong
     */
    public LinkException(String message) {
        super(message);
    }
}
