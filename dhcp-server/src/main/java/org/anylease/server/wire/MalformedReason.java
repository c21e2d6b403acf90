package org.anylease.server.wire;

/** Why a datagram is no packet: the labels by which refused datagrams are counted. */
public enum MalformedReason {
    /** Shorter than the fixed fields, 236 bytes (RFC 2131 §2). */
    TOO_SHORT,
    /** Longer than {@link PacketCodec#DATAGRAM_BYTES_MAX}. */
    TOO_LONG,
    /** Field {@code op} is neither request nor reply (RFC 2131 §2). */
    BAD_OP,
    /** Field {@code hlen} says more than {@code chaddr} can hold (RFC 2131 §2). */
    BAD_HLEN,
    /** The options begin with neither the DHCP cookie (RFC 2131 §3) nor the zeros of plain BOOTP (RFC 951 §3). */
    BAD_MAGIC,
    /** An option runs past the end of its field (RFC 2132 §2). */
    OPTION_OVERRUN,
    /** Option 52 is not one byte of 1 to 3, is repeated, or stands in an overloaded field (RFC 2132 §9.3). */
    BAD_OVERLOAD,
    /** Option 53 is not one byte with a registered message type (RFC 2132 §9.6). */
    BAD_MESSAGE_TYPE,
    /** Option 82 is empty, or its sub-options do not add up (RFC 3046 §2.0). */
    BAD_RELAY_INFORMATION
}
