package org.anylease.server.boot;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.anylease.server.admin.DnsNames;
import org.anylease.server.ddns.DnsUpkeep;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.dns.DnsEntry;
import org.anylease.store.dns.DnsRecord.Phase;
import org.jspecify.annotations.Nullable;

/** Reads what is on record about DNS for display, part by part, so that the loop is never held up. */
final class NameReading {
    private static final int PART_ENTRIES = 1000;

    private NameReading() {}

    /** Some entries, and how updates go at that moment; null when this server sends none for the cell. */
    record Part(List<DnsEntry> entries, DnsUpkeep.@Nullable Progress progress) {
        Part {
            entries = List.copyOf(entries);
        }
    }

    /** Reads at most so many entries from an address on, in one turn of the loop. */
    @FunctionalInterface
    interface Parts {
        Part read(CellId cell, Ipv4 first, int most) throws IOException;
    }

    static DnsNames of(CellId cell, Parts parts) throws IOException {
        TreeMap<Phase, Long> phases = new TreeMap<>();
        List<DnsEntry> open = new ArrayList<>();
        Ipv4 first = Ipv4.UNSPECIFIED;
        while (true) {
            Part part = parts.read(cell, first, PART_ENTRIES);
            for (DnsEntry entry : part.entries) {
                phases.merge(entry.record().phase(), 1L, Long::sum);
                if (entry.record().phase() != Phase.PRESENT && open.size() < DnsNames.OPEN_MAX) {
                    open.add(entry);
                }
            }
            if (part.entries.size() < PART_ENTRIES
                    || part.entries.getLast().address().bits() == -1) {
                DnsUpkeep.Progress progress = part.progress;
                return new DnsNames(
                        progress != null,
                        phases,
                        open,
                        progress == null ? 0 : progress.failing(),
                        failures(progress),
                        progress == null ? new TreeMap<>() : progress.zones());
            }
            first = new Ipv4(part.entries.getLast().address().bits() + 1);
        }
    }

    /** All entries, in order of address. */
    static List<DnsEntry> all(CellId cell, Parts parts) throws IOException {
        List<DnsEntry> all = new ArrayList<>();
        Ipv4 first = Ipv4.UNSPECIFIED;
        while (true) {
            List<DnsEntry> part = parts.read(cell, first, PART_ENTRIES).entries();
            all.addAll(part);
            if (part.size() < PART_ENTRIES || part.getLast().address().bits() == -1) {
                return all;
            }
            first = new Ipv4(part.getLast().address().bits() + 1);
        }
    }

    private static List<DnsNames.Failure> failures(DnsUpkeep.@Nullable Progress progress) {
        return progress == null
                ? List.of()
                : progress.failures().stream()
                        .map(failure -> new DnsNames.Failure(
                                failure.address(), failure.since(), failure.attempts(), failure.next(), failure.why()))
                        .toList();
    }
}
