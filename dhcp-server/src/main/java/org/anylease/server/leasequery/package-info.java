/**
 * What is asked and answered about leases: RFC 4388 over UDP, RFC 6926 over TCP. Queries are parsed here, answers built;
 * {@code core} looks up what a datagram asks for, {@code boot} what a connection does.
 *
 * <p>Pure. Depends on {@code wire} and the lease store.
 */
@NullMarked
package org.anylease.server.leasequery;

import org.jspecify.annotations.NullMarked;
