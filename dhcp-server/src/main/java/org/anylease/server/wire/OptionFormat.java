package org.anylease.server.wire;

/** The shape of an option's value: which lengths its definition allows, and how to show it. */
enum OptionFormat {
    /** Anything: the definition is unknown or asks for nothing. */
    ANY(0, 1),
    /** Nothing: presence is the message. */
    EMPTY(0, 0),
    /** Opaque, at least one byte. */
    BYTES(1, 1),
    /** Opaque, at least two bytes. */
    BYTES_2(2, 1),
    /** Opaque, at least three bytes. */
    BYTES_3(3, 1),
    /** NVT ASCII (RFC 2132 §2). */
    TEXT(1, 1),
    /** An unsigned byte. */
    U8(1, 0),
    /** An unsigned 16-bit number. */
    U16(2, 0),
    /** An unsigned 32-bit number. */
    U32(4, 0),
    /** A signed 32-bit number. */
    S32(4, 0),
    /** Unsigned 16-bit numbers. */
    U16S(2, 2),
    /** An IPv4 address. */
    ADDRESS(4, 0),
    /** IPv4 addresses. */
    ADDRESSES(4, 4),
    /** IPv4 addresses, or none. */
    ADDRESSES_OR_NONE(0, 4),
    /** Pairs of IPv4 addresses. */
    ADDRESS_PAIRS(8, 8),
    /** Option codes, a byte each. */
    CODES(1, 1),
    /** A {@link MessageType}. */
    MESSAGE_TYPE(1, 0),
    /** {@link RelayInformation}. */
    RELAY(2, 1);

    private final int shortest;
    private final int step;

    OptionFormat(int shortest, int step) {
        this.shortest = shortest;
        this.step = step;
    }

    /** Whether a value of this many bytes can be of this shape. */
    boolean fits(int length) {
        int excess = length - shortest;
        return step == 0 ? excess == 0 : excess >= 0 && excess % step == 0;
    }
}
