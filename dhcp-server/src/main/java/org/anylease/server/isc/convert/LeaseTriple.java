package org.anylease.server.isc.convert;

import java.time.Duration;
import java.util.List;
import org.anylease.server.config.DurationText;

/**
 * Lease times as dhcpd works with them: a longest one cuts all others, a shortest one lengthens the usual one.
 *
 * @param shortest in seconds
 * @param usual in seconds
 * @param longest in seconds
 */
record LeaseTriple(long shortest, long usual, long longest) {
    /** What dhcpd takes where a file says nothing (dhcpd.conf(5)). */
    private static final long SHORTEST = 300;

    private static final long USUAL = 43_200;
    private static final long LONGEST = 86_400;

    static LeaseTriple of(List<Scope> chain) {
        long longest = seconds(chain, "max-lease-time", LONGEST);
        long shortest = Math.min(seconds(chain, "min-lease-time", SHORTEST), longest);
        return new LeaseTriple(
                shortest, Math.clamp(seconds(chain, "default-lease-time", USUAL), shortest, longest), longest);
    }

    private static long seconds(List<Scope> chain, String parameter, long otherwise) {
        return Scope.value(chain, parameter)
                .map(held -> Long.parseLong(held.value()))
                .orElse(otherwise);
    }

    static String duration(long seconds) {
        return DurationText.format(Duration.ofSeconds(seconds));
    }
}
