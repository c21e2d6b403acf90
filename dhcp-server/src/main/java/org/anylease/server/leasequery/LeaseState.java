package org.anylease.server.leasequery;

/** The values of option dhcp-state that are told here (RFC 6926 §6.2.7). */
public enum LeaseState {
    /** Nobody's: it can be given out. */
    AVAILABLE(1),
    /** Leased. */
    ACTIVE(2),
    /** Its lease ran out, and nobody else has it yet. */
    EXPIRED(3),
    /** Its client gave it back, and nobody else has it yet. */
    RELEASED(4),
    /** Found in use by a stranger. */
    ABANDONED(5),
    /** Set aside for another server. */
    REMOTE(7);

    private final int code;

    LeaseState(int code) {
        this.code = code;
    }

    /**
     * The value on the wire.
     *
     * @return 1 to 7
     */
    public int code() {
        return code;
    }
}
