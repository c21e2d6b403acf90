package org.anylease.server.admin;

import java.util.List;
import java.util.TreeMap;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.command.LeaseCommand.NoteDns;
import org.anylease.store.command.Outcome;
import org.anylease.store.dns.DnsEntry;
import org.anylease.store.dns.DnsRecord;

/** What cells in memory have on record about DNS: the first word about an address stays. */
final class MemoryNames {
    private final TreeMap<CellId, TreeMap<Ipv4, DnsEntry>> entries = new TreeMap<>();

    Outcome note(CellId cell, NoteDns note) {
        DnsRecord record = note.record();
        boolean taken = record != null
                && entries.computeIfAbsent(cell, _ -> new TreeMap<>())
                                .putIfAbsent(
                                        note.address(),
                                        new DnsEntry(note.address(), new LogIndex(1), MemoryCluster.NOW, record))
                        == null;
        return new Outcome.Done(taken ? 1 : 0);
    }

    List<DnsEntry> of(CellId cell) {
        return List.copyOf(entries.getOrDefault(cell, new TreeMap<>()).values());
    }

    void forget() {
        entries.clear();
    }
}
