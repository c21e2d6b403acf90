/**
 * From the lease file of ISC DHCP (dhcpd.leases(5)) to bindings of cells, with a finding for every entry: nothing is
 * dropped silently.
 *
 * <p>{@link org.anylease.server.isc.leases.LeaseFile} reads the entries, of which the last of an address counts; {@link
 * org.anylease.server.isc.leases.LeaseConversion} makes bindings of them by the configuration that will serve them. Pure.
 * Depends on {@code isc.syntax} and {@code isc.convert}.
 */
@NullMarked
package org.anylease.server.isc.leases;

import org.jspecify.annotations.NullMarked;
