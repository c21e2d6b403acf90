package org.anylease.server.wire;

import java.util.Optional;

/** The kind of a DHCP message, the value of option 53 (RFC 2132 §9.6 and the registry it founded). */
public enum MessageType {
    /** A client looks for servers (RFC 2131 §3.1). */
    DISCOVER(1),
    /** A server offers an address (RFC 2131 §4.3.1). */
    OFFER(2),
    /** A client accepts an offer, verifies, renews or rebinds (RFC 2131 §4.3.2). */
    REQUEST(3),
    /** A client found its address in use (RFC 2131 §4.3.3). */
    DECLINE(4),
    /** A server promises the address (RFC 2131 §4.3.1). */
    ACK(5),
    /** A server refuses: the client must start over (RFC 2131 §4.3.2). */
    NAK(6),
    /** A client gives its address up (RFC 2131 §4.3.4). */
    RELEASE(7),
    /** A client with an address asks for the other parameters (RFC 2131 §4.3.5). */
    INFORM(8),
    /** A server asks a client to renew now (RFC 3203 §2). */
    FORCERENEW(9),
    /** An access concentrator asks about a lease (RFC 4388 §6.1). */
    LEASEQUERY(10),
    /** The address is ours and not leased (RFC 4388 §6.1). */
    LEASEUNASSIGNED(11),
    /** The address or client is not known here (RFC 4388 §6.1). */
    LEASEUNKNOWN(12),
    /** The lease asked for (RFC 4388 §6.1). */
    LEASEACTIVE(13),
    /** Many leases are asked for over TCP (RFC 6926 §6.2). */
    BULKLEASEQUERY(14),
    /** The answer to a bulk query is complete (RFC 6926 §6.2). */
    LEASEQUERYDONE(15),
    /** Lease changes are asked for as they happen (RFC 7724 §5.2). */
    ACTIVELEASEQUERY(16),
    /** The state of an active query (RFC 7724 §5.2). */
    LEASEQUERYSTATUS(17),
    /** TLS is asked for or granted on a query connection (RFC 7724 §5.2). */
    TLS(18);

    private static final MessageType[] BY_CODE = values();

    private final int code;

    MessageType(int code) {
        this.code = code;
    }

    /**
     * The message type with a value.
     *
     * @param code the value of option 53
     * @return the type, or empty for a value outside 1 to 18
     */
    public static Optional<MessageType> of(int code) {
        return code >= 1 && code <= BY_CODE.length ? Optional.of(BY_CODE[code - 1]) : Optional.empty();
    }

    /**
     * The value on the wire.
     *
     * @return 1 to 18
     */
    public int code() {
        return code;
    }
}
