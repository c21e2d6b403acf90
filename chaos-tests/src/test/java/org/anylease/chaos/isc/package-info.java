/** ISC's dhcpd and Anylease beside each other: one dhcpd.conf for both, and the same packets. */
@NullMarked
package org.anylease.chaos.isc;

import org.jspecify.annotations.NullMarked;
