package org.anylease.store.command;

/** The states from which a client sends a REQUEST (RFC 2131 §4.3.2). */
public enum RequestKind {
    /** Takes up an offer: server identifier and requested address are set. */
    SELECTING,
    /** Verifies a remembered address: requested address set, ciaddr and server identifier not. */
    INIT_REBOOT,
    /** Extends its lease, by unicast: ciaddr set. */
    RENEWING,
    /** Extends its lease, by broadcast: ciaddr set. */
    REBINDING
}
