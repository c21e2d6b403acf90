package org.anylease.server.wire;

/** The direction of a message, field {@code op} (RFC 2131 §2, table 1). */
public enum BootpOp {
    /** BOOTREQUEST: from a client towards servers. */
    REQUEST(1),
    /** BOOTREPLY: from a server towards a client. */
    REPLY(2);

    private final int code;

    BootpOp(int code) {
        this.code = code;
    }

    /**
     * The value on the wire.
     *
     * @return 1 or 2
     */
    public int code() {
        return code;
    }
}
