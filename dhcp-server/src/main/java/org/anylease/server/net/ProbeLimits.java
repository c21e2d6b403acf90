package org.anylease.server.net;

/**
 * How many probes may be under way.
 *
 * @param outstandingMax probes sent or held back, at most; more end in a local error at once. At most 32768, so that
 *     sequence numbers never run out
 * @param onLinkMax probes of addresses on this machine's own links, at most: an address that nobody has keeps an entry
 *     of the kernel's neighbour table, of which there are {@code net.ipv4.neigh.default.gc_thresh3}, for three seconds.
 *     More are held back
 */
public record ProbeLimits(int outstandingMax, int onLinkMax) {
    /** 16384 outstanding; 512 on link, half of the kernel's default {@code gc_thresh3} of 1024. */
    public static final ProbeLimits DEFAULT = new ProbeLimits(16_384, 512);

    /** Checks the ranges. */
    public ProbeLimits {
        if (outstandingMax < 1 || outstandingMax > 32_768) {
            throw new IllegalArgumentException("outstandingMax " + outstandingMax + " is not in 1 to 32768");
        }
        if (onLinkMax < 1) {
            throw new IllegalArgumentException("onLinkMax " + onLinkMax + " is not positive");
        }
    }
}
