package org.anylease.server.admin;

import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.anylease.store.address.Ipv4;
import org.anylease.store.dns.DnsEntry;
import org.anylease.store.dns.DnsRecord;

/**
 * The names of a cell's clients in DNS.
 *
 * @param sends whether this server sends the cell's updates: it leads the cell, and the configuration wants them
 * @param phases how many names there are in each phase
 * @param open those that do not stand in DNS as they should, at most {@link #OPEN_MAX}, in order of address
 * @param failing how many updates failed that this server sent, and wait
 * @param failures of updates that this server sent, at most {@link #OPEN_MAX}
 * @param failingZones the zones that take no updates of this server, and since when
 */
public record DnsNames(
        boolean sends,
        SortedMap<DnsRecord.Phase, Long> phases,
        List<DnsEntry> open,
        long failing,
        List<Failure> failures,
        SortedMap<String, Instant> failingZones) {
    /** How many are listed. */
    public static final int OPEN_MAX = 1000;

    /** Copies the collections. */
    public DnsNames {
        phases = new TreeMap<>(phases);
        open = List.copyOf(open);
        failures = List.copyOf(failures);
        failingZones = new TreeMap<>(failingZones);
    }

    /**
     * An update that failed.
     *
     * @param address the address
     * @param since when it failed first
     * @param attempts how often it failed
     * @param next when it is tried again
     * @param why why it failed last
     */
    public record Failure(Ipv4 address, Instant since, int attempts, Instant next, String why) {}
}
