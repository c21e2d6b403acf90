package org.anylease.server.core;

import java.time.Instant;
import java.util.TreeMap;
import org.anylease.server.partition.NewClientRate;
import org.anylease.store.cell.CellId;

/** How many new clients this server sees in each network. One figure for each network of its cells. */
final class Newcomers {
    private final TreeMap<CellId, TreeMap<String, NewClientRate>> rates = new TreeMap<>();

    private NewClientRate of(CellId cell, String network, Instant now) {
        return rates.computeIfAbsent(cell, _ -> new TreeMap<>()).computeIfAbsent(network, _ -> new NewClientRate(now));
    }

    void seen(CellId cell, String network, Instant now) {
        of(cell, network, now).seen(now);
    }

    double perHour(CellId cell, String network, Instant now) {
        return of(cell, network, now).perHour(now);
    }
}
