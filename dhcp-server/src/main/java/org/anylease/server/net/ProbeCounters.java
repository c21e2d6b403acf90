package org.anylease.server.net;

/**
 * What probing has done since it began.
 *
 * @param sent echoes sent
 * @param answered probes answered
 * @param silent probes that nobody answered in time
 * @param unreachable probes ended by an ICMP error
 * @param localErrors probes that could not be sent
 * @param foreign messages that belong to no probe: late, of other programs, or forged
 */
public record ProbeCounters(long sent, long answered, long silent, long unreachable, long localErrors, long foreign) {}
