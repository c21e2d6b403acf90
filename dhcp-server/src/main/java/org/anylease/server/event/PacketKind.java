package org.anylease.server.event;

/** What a client sent. The names are labels of metrics and stable. */
public enum PacketKind {
    /** DHCPDISCOVER. */
    DISCOVER,
    /** DHCPREQUEST of an offered address. */
    REQUEST_SELECTING,
    /** DHCPREQUEST of a remembered address. */
    REQUEST_INIT_REBOOT,
    /** DHCPREQUEST by unicast. */
    REQUEST_RENEWING,
    /** DHCPREQUEST by broadcast. */
    REQUEST_REBINDING,
    /** DHCPRELEASE. */
    RELEASE,
    /** DHCPDECLINE. */
    DECLINE,
    /** DHCPINFORM. */
    INFORM,
    /** A request of BOOTP. */
    BOOTP,
    /** DHCPLEASEQUERY, where such are answered. */
    LEASEQUERY,
    /** Anything else. */
    OTHER
}
