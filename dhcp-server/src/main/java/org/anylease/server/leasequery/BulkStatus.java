package org.anylease.server.leasequery;

/** The values of option status-code (RFC 6926 §6.2.2). */
public enum BulkStatus {
    /** Answered to its end. */
    SUCCESS(0),
    /** It failed for a reason that has no code of its own. */
    UNSPEC_FAIL(1),
    /** It was ended before its end. */
    QUERY_TERMINATED(2),
    /** It cannot be understood. */
    MALFORMED_QUERY(3),
    /** It is understood, and not answered. */
    NOT_ALLOWED(4);

    private final int code;

    BulkStatus(int code) {
        this.code = code;
    }

    /**
     * The value on the wire.
     *
     * @return 0 to 4
     */
    public int code() {
        return code;
    }
}
