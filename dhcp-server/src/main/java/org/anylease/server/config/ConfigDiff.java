package org.anylease.server.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.anylease.server.config.ConfigChange.Subject;
import org.anylease.server.config.ConfigFacts.About;
import org.anylease.server.config.ConfigFacts.Fact;
import org.anylease.store.address.AddressRange;
import org.anylease.store.address.Ipv4;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.Pool;
import org.anylease.store.config.Subnet;
import org.jspecify.annotations.Nullable;

/**
 * The differences between two configurations of a system.
 *
 * <p>No change of the configuration takes a lease away: an address that no pool holds any more stays with its client
 * until the lease runs out, and is not renewed.
 *
 * @param changes in order of path, the outer before the inner
 */
public record ConfigDiff(List<ConfigChange> changes) {
    private static final Comparator<AddressRange> BY_ADDRESS =
            Comparator.comparing(AddressRange::first).thenComparing(AddressRange::last);

    /** Copies the list. */
    public ConfigDiff {
        changes = List.copyOf(changes);
    }

    /**
     * Compares what is committed with what would be. Versions are not compared.
     *
     * @param before the slices as they are
     * @param after the slices as they would be
     * @param leases counts the leases that a change concerns
     * @return the differences
     */
    public static ConfigDiff between(Collection<CellConfig> before, Collection<CellConfig> after, LeaseCount leases) {
        return compare(before, after, leases);
    }

    /**
     * Compares two files, without counting leases.
     *
     * @param before a system as it was
     * @param after the system as it would be
     * @return the differences
     */
    public static ConfigDiff between(SystemConfig before, SystemConfig after) {
        return compare(before.slices(1), after.slices(1), null);
    }

    /**
     * Whether nothing differs.
     *
     * @return true when there is no change
     */
    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /**
     * The differences for people.
     *
     * @return a line for each
     */
    public List<String> lines() {
        return changes.stream().map(ConfigChange::toString).toList();
    }

    private static ConfigDiff compare(
            Collection<CellConfig> before, Collection<CellConfig> after, @Nullable LeaseCount leases) {
        SortedMap<About, Fact> old = ConfigFacts.of(before, Map.of());
        SortedMap<About, Fact> fresh = ConfigFacts.of(after, poolsBefore(before, after));
        List<AddressRange> pooled = subnets(after)
                .flatMap(subnet -> subnet.pools().stream())
                .map(Pool::range)
                .sorted(BY_ADDRESS)
                .toList();
        List<ConfigChange> changes = new ArrayList<>();
        TreeSet<About> all = new TreeSet<>(old.keySet());
        all.addAll(fresh.keySet());
        TreeSet<String> came = containers(fresh, old);
        TreeSet<String> went = containers(old, fresh);
        for (About about : all) {
            Fact a = old.get(about);
            Fact b = fresh.get(about);
            boolean differs = a == null || b == null || !a.text().equals(b.text());
            if (differs && !within(went, about.path()) && (about.subject() != Subject.ORDER || reordered(a, b))) {
                boolean alone = !within(came, about.path());
                changes.add(change(about, a, b, alone ? effect(about, a, b, pooled) : Effect.NONE, leases));
            }
        }
        return new ConfigDiff(changes);
    }

    /** What a change does to the leases of some addresses. */
    private record Effect(List<AddressRange> ranges, boolean runOut) {
        static final Effect NONE = new Effect(List.of(), false);
    }

    private static Effect effect(About about, @Nullable Fact a, @Nullable Fact b, List<AddressRange> pooled) {
        return switch (about.subject()) {
            case SUBNET -> b == null && a != null ? new Effect(a.ranges(), true) : Effect.NONE;
            case POOL -> a == null ? Effect.NONE : new Effect(without(a.ranges(), pooled), true);
            case RESERVATION ->
                b == null && a != null
                        ? new Effect(without(a.ranges(), pooled), true)
                        : b == null ? Effect.NONE : new Effect(b.ranges(), false);
            case SERVER_IDENTIFIER, LEASE_TIMES, OPTION, BOOT ->
                new Effect(b != null ? b.ranges() : a != null ? a.ranges() : List.of(), false);
            case CELL, MEMBER, TIMER, ESCROW, CLASS, NETWORK, POLICY, ACCESS, ORDER -> Effect.NONE;
        };
    }

    private static ConfigChange change(
            About about, @Nullable Fact a, @Nullable Fact b, Effect effect, @Nullable LeaseCount leases) {
        Long count = leases == null || effect.ranges.isEmpty()
                ? null
                : (Long) effect.ranges.stream().mapToLong(leases::in).sum();
        String told = count == null || count == 0
                ? ""
                : effect.runOut
                        ? plural(count, "runs out by itself", "run out by themselves") + ", none is cut"
                        : plural(count, "learns", "learn") + " of it at the next renewal";
        return new ConfigChange(
                about.subject(),
                about.path(),
                about.name(),
                a == null ? null : a.text(),
                b == null ? null : b.text(),
                count,
                told);
    }

    /** Paths of whatever holds other things and is in one configuration only. */
    private static TreeSet<String> containers(SortedMap<About, Fact> in, SortedMap<About, Fact> notIn) {
        TreeSet<String> paths = new TreeSet<>();
        for (About about : in.keySet()) {
            boolean holds = switch (about.subject()) {
                case CELL, CLASS, NETWORK, SUBNET, POOL, RESERVATION -> true;
                case SERVER_IDENTIFIER, MEMBER, TIMER, ESCROW, POLICY, ACCESS, ORDER, LEASE_TIMES, OPTION, BOOT ->
                    false;
            };
            if (holds && !notIn.containsKey(about)) {
                paths.add(about.path().isEmpty() ? about.name() : about.path() + "/" + about.name());
            }
        }
        return paths;
    }

    /** Whether a path is one of these, or lies inside one. */
    private static boolean within(TreeSet<String> paths, String path) {
        for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
            if (paths.contains(path.substring(0, end))) {
                return true;
            }
        }
        return false;
    }

    private static String plural(long count, String one, String many) {
        return count == 1 ? "1 lease " + one : count + " leases " + many;
    }

    /** Things that came or went are told as such; only the order of those that stay is told as order. */
    private static boolean reordered(@Nullable Fact was, @Nullable Fact is) {
        if (was == null || is == null) {
            return false;
        }
        List<String> a = new ArrayList<>(Arrays.asList(was.text().split(", ")));
        List<String> b = new ArrayList<>(Arrays.asList(is.text().split(", ")));
        TreeSet<String> both = new TreeSet<>(a);
        both.retainAll(new TreeSet<>(b));
        a.removeIf(name -> !both.contains(name));
        b.removeIf(name -> !both.contains(name));
        return !a.equals(b);
    }

    /** New ranges that stand for an old one: the first of the same subnet that shares an address with it. */
    private static Map<AddressRange, AddressRange> poolsBefore(
            Collection<CellConfig> before, Collection<CellConfig> after) {
        Map<String, Subnet> old = new TreeMap<>();
        subnets(before).forEach(subnet -> old.put(subnet.prefix().toString(), subnet));
        Map<AddressRange, AddressRange> names = new TreeMap<>(BY_ADDRESS);
        subnets(after).forEach(subnet -> {
            Subnet was = old.get(subnet.prefix().toString());
            if (was == null) {
                return;
            }
            TreeSet<AddressRange> unmatched = new TreeSet<>(BY_ADDRESS);
            was.pools().forEach(pool -> unmatched.add(pool.range()));
            TreeSet<AddressRange> fresh = new TreeSet<>(BY_ADDRESS);
            subnet.pools().forEach(pool -> fresh.add(pool.range()));
            TreeSet<AddressRange> same = new TreeSet<>(unmatched);
            same.retainAll(fresh);
            unmatched.removeAll(same);
            fresh.removeAll(same);
            for (AddressRange range : fresh) {
                unmatched.stream().filter(range::overlaps).findFirst().ifPresent(match -> {
                    names.put(range, match);
                    unmatched.remove(match);
                });
            }
        });
        return names;
    }

    private static Stream<Subnet> subnets(Collection<CellConfig> cells) {
        return cells.stream().flatMap(cell -> cell.networks().stream()).flatMap(network -> network.subnets().stream());
    }

    /** What is left of some ranges without others, which are in order. */
    private static List<AddressRange> without(List<AddressRange> ranges, List<AddressRange> others) {
        List<AddressRange> left = new ArrayList<>();
        for (AddressRange range : ranges) {
            long next = range.first().unsigned();
            for (AddressRange other : others) {
                if (other.overlaps(range)) {
                    if (other.first().unsigned() > next) {
                        left.add(between(next, other.first().unsigned() - 1));
                    }
                    next = Math.max(next, other.last().unsigned() + 1);
                }
            }
            if (next <= range.last().unsigned()) {
                left.add(between(next, range.last().unsigned()));
            }
        }
        return left;
    }

    private static AddressRange between(long first, long last) {
        return new AddressRange(new Ipv4((int) first), new Ipv4((int) last));
    }
}
