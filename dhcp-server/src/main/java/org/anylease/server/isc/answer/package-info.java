/**
 * What ISC's dhcpd would answer, worked out from its configuration alone, as dhcpd.conf(5) and dhcp-eval(5) say it: which
 * declarations apply to a client, and what their statements come to. It shares the parser and the encoding of options with
 * the conversion, and nothing else, so that one can be compared with the other. Pure; depends on {@code isc.syntax},
 * {@code isc.convert}, {@code wire}.
 */
@NullMarked
package org.anylease.server.isc.answer;

import org.jspecify.annotations.NullMarked;
