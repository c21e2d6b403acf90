package org.anylease.store.config;

import java.time.Duration;

/**
 * How the clients of a network are treated.
 *
 * @param authoritative whether a client with an address of another network is told so with a NAK
 * @param identity what identifies a client
 * @param probe whether an address is pinged before it is offered
 * @param probeTimeout how long silence must last
 * @param unprobed what becomes of an address whose probe could not be carried out (unreachable, a local error)
 */
public record NetworkPolicy(
        boolean authoritative, Identity identity, boolean probe, Duration probeTimeout, Unprobed unprobed) {
    /** What identifies a client. */
    public enum Identity {
        /** Option 61 where the client sends it, else hardware type and address (RFC 2131 §4.2, RFC 6842). */
        CLIENT_IDENTIFIER,
        /** Hardware type and address always. */
        HARDWARE
    }

    /** What becomes of an address whose probe could not be carried out. */
    public enum Unprobed {
        /** It is offered, and counted. */
        OFFER,
        /** The client hears nothing, and it is counted; its next DISCOVER tries again. */
        WITHHOLD
    }
}
