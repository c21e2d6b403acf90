package org.anylease.server.event;

/** What became of a client's packet: each comes to one of these, once. The names are labels of metrics and stable. */
public enum PacketOutcome {
    /** An OFFER was sent. */
    OFFERED,
    /** An ACK was sent. */
    ACKNOWLEDGED,
    /** A lease query or a request of BOOTP was answered. */
    ANSWERED,
    /** A NAK was sent. */
    REFUSED,
    /** It was carried out; nothing is sent. */
    DONE,
    /** Another packet of its client came before its answer; that one is answered. */
    REPEATED,
    /** No rule allowed an answer. */
    SILENT,
    /** It could not be read or served. */
    DROPPED
}
