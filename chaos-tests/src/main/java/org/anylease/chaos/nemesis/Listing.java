package org.anylease.chaos.nemesis;

import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a site's server says of every address that it knows.
 *
 * @param site the site's name
 * @param read when it was read
 * @param digest of its copy
 * @param leases by address
 */
record Listing(String site, Instant read, String digest, SortedMap<String, Lease> leases) {
    Listing {
        leases = new TreeMap<>(leases);
    }

    /**
     * One address.
     *
     * @param state such as {@code active}
     * @param mac whose it is or was; empty when nobody's
     * @param end when its lease ends or ended; the distant past when it has none, as when free
     */
    record Lease(String state, String mac, Instant end) {}
}
