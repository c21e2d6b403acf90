package org.anylease.server.isc.leases;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.anylease.server.isc.convert.Finding;
import org.anylease.server.isc.convert.Verdict;
import org.anylease.server.isc.syntax.Statement;
import org.anylease.store.allocation.AddressPlan;
import org.anylease.store.allocation.NetworkPlan;
import org.anylease.store.cell.CellId;
import org.anylease.store.config.CellConfig;
import org.anylease.store.lease.Binding;

/**
 * A lease file as bindings of cells.
 *
 * @param name the file's name
 * @param bindings by cell, in order of address; every cell is there
 * @param findings what became of each entry, in the order of the file
 */
public record LeaseConversion(String name, SortedMap<CellId, List<Binding>> bindings, List<Finding> findings) {
    /** So many alike are listed in a short report. */
    private static final int ALIKE_MAX = 3;

    /** Copies all. */
    public LeaseConversion {
        TreeMap<CellId, List<Binding>> copies = new TreeMap<>();
        bindings.forEach((cell, list) -> copies.put(cell, List.copyOf(list)));
        bindings = Collections.unmodifiableSortedMap(copies);
        findings = List.copyOf(findings);
    }

    /** What becomes of the declarations that a lease file has besides leases. */
    public enum Declarations {
        /** They are converted with the configuration, which tells of them. */
        TOLD_ELSEWHERE,
        /** They are left out, and told here. */
        LEFT_OUT
    }

    /**
     * Converts leases.
     *
     * @param file the lease file
     * @param cells the configuration that is to serve them
     * @param declarations what becomes of declarations
     * @param now leases that ended before this have run out
     * @return bindings and findings
     */
    public static LeaseConversion of(LeaseFile file, List<CellConfig> cells, Declarations declarations, Instant now) {
        TreeMap<CellId, List<Binding>> bindings = new TreeMap<>();
        List<AddressPlan> plans = new ArrayList<>();
        for (CellConfig cell : cells) {
            bindings.put(cell.cell(), new ArrayList<>());
            plans.add(new AddressPlan(cell));
        }
        List<Finding> findings = new ArrayList<>(file.findings());
        for (LeaseEntry entry : file.leases()) {
            findings.add(convert(entry, plans, bindings, now));
        }
        for (Statement declaration : file.declarations()) {
            if (declarations == Declarations.LEFT_OUT) {
                findings.add(new Finding(
                        declaration.origin().at(),
                        declaration.origin().source(),
                        Verdict.UNSUPPORTED,
                        "it was declared at run time",
                        "'anylease import isc' with both files puts it into the configuration"));
            }
        }
        findings.sort(Comparator.<Finding>comparingInt(finding -> finding.at().line())
                .thenComparingInt(finding -> finding.at().column()));
        return new LeaseConversion(file.name(), bindings, findings);
    }

    private static Finding convert(
            LeaseEntry entry, List<AddressPlan> plans, SortedMap<CellId, List<Binding>> bindings, Instant now) {
        for (AddressPlan plan : plans) {
            NetworkPlan network = plan.networkOf(entry.address());
            if (network != null) {
                LeaseBinding made = LeaseBinding.of(entry, network, now);
                Binding binding = made.binding();
                if (binding != null) {
                    bindings.computeIfAbsent(plan.config().cell(), _ -> new ArrayList<>())
                            .add(binding);
                }
                return made.finding();
            }
        }
        return new Finding(
                entry.at(),
                entry.source(),
                Verdict.UNSUPPORTED,
                "no subnet of the configuration has the address",
                "add its subnet, or let the client find a new address where it is now");
    }

    /**
     * How many entries came to a verdict.
     *
     * @param verdict which
     * @return the number
     */
    public long count(Verdict verdict) {
        return findings.stream().filter(finding -> finding.verdict() == verdict).count();
    }

    /**
     * The counts on one line.
     *
     * @return such as {@code 12 converted, 1 converted with a difference, 3 not supported, 0 malformed}
     */
    public String counts() {
        List<String> counts = new ArrayList<>();
        for (Verdict verdict : Verdict.values()) {
            counts.add(count(verdict) + " " + verdict.shown());
        }
        return String.join(", ", counts);
    }

    /**
     * How many bindings of all cells are in each state.
     *
     * @return counts by the state's name in lower case
     */
    public SortedMap<String, Integer> states() {
        TreeMap<String, Integer> states = new TreeMap<>();
        bindings.values()
                .forEach(list -> list.forEach(binding ->
                        states.merge(binding.state().name().toLowerCase(java.util.Locale.ROOT), 1, Integer::sum)));
        return Collections.unmodifiableSortedMap(states);
    }

    /**
     * The report, for people: what differs, is not supported or malformed, and the counts.
     *
     * @param all whether every entry is listed; otherwise a few of those that are alike
     * @return lines
     */
    public List<String> report(boolean all) {
        List<String> lines = new ArrayList<>();
        TreeMap<String, Integer> alike = new TreeMap<>();
        for (Finding finding : findings) {
            String kind = finding.verdict().shown() + ": " + finding.what();
            boolean listed =
                    all || (finding.verdict() != Verdict.CONVERTED && alike.merge(kind, 1, Integer::sum) <= ALIKE_MAX);
            if (listed) {
                lines.add(finding.toString());
            }
        }
        alike.forEach((kind, number) -> {
            if (number > ALIKE_MAX) {
                lines.add((number - ALIKE_MAX) + " more are " + kind);
            }
        });
        lines.add(findings.size() + " entries of " + name + ": " + counts());
        List<String> states = new ArrayList<>();
        states().forEach((state, number) -> states.add(number + " " + state));
        lines.add("bindings: " + (states.isEmpty() ? "none" : String.join(", ", states)));
        return lines;
    }
}
