/**
 * Dynamic DNS, the part that decides: which name a client gets (RFC 4702), whose name it is (RFC 4701), and which
 * updates are to be sent in which order (RFC 4703). Inputs in, decisions out; who sends them stands in {@code ddns}.
 * Depends on the wire format and the lease store only.
 */
@NullMarked
package org.anylease.server.dns;

import org.jspecify.annotations.NullMarked;
