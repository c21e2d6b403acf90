/**
 * The language of ISC DHCP's files: dhcpd.conf(5), dhcp-options(5), dhcp-eval(5) and dhcpd.leases(5).
 *
 * <p>A text becomes {@link org.anylease.server.isc.syntax.Statement}s with their places, and what cannot be understood
 * becomes a {@link org.anylease.server.isc.syntax.Statement.Broken}, after which reading goes on. Pure: included files
 * come through a port. Depends on nothing of the server, so that whatever serves from such a file can use it too.
 */
@NullMarked
package org.anylease.server.isc.syntax;

import org.jspecify.annotations.NullMarked;
