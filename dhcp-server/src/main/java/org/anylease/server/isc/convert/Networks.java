package org.anylease.server.isc.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.anylease.store.address.AddressRange;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Prefix;

/** Fits subnets, ranges and hosts together, as our configuration has them: every address within its subnet. */
final class Networks {
    /** A link, in the order of the files. */
    record Network(String name, Scope scope, List<Subnet> subnets) {}

    /** A subnet with what is given out of it. */
    record Subnet(Prefix prefix, Scope scope, List<Pool> pools, List<Reservation> reservations) {}

    /** Addresses, and whom they are for; those that are left out are shown as a comment, with the reason. */
    record Pool(AddressRange range, Scope scope, Permits permits, boolean bootp) {
        String leftOutBecause() {
            return permits.leftOutBecause();
        }
    }

    /** An address for one client, whose key is one line. */
    record Reservation(Ipv4 address, String key, Scope scope) {}

    private final List<Network> networks = new ArrayList<>();
    private final SortedMap<Ipv4, Subnet> byFirst = new TreeMap<>();
    private final SortedSet<String> names = new TreeSet<>();

    private final Permits.Reader permits;

    private Networks(Permits.Reader permits) {
        this.permits = permits;
    }

    static List<Network> of(Scope global, Permits.Reader permits) {
        Networks fitted = new Networks(permits);
        List<Scope> all = global.all();
        all.stream().filter(scope -> scope.kind() == Scope.Kind.SUBNET).forEach(fitted::subnet);
        all.stream().filter(scope -> scope.kind() == Scope.Kind.SHARED).forEach(fitted::shared);
        all.forEach(scope -> scope.ranges.forEach(range -> fitted.range(scope, range)));
        HostFitting hosts = new HostFitting(fitted::around);
        all.stream().filter(scope -> scope.kind() == Scope.Kind.HOST).forEach(hosts::fit);
        return fitted.networks;
    }

    private void subnet(Scope scope) {
        Prefix prefix = scope.prefix;
        if (prefix == null) {
            throw new IllegalStateException(
                    "a subnet without prefix at " + scope.entry().at());
        }
        AddressRange whole = prefix.range();
        Optional<Subnet> other = byFirst.values().stream()
                .filter(known -> known.prefix.range().overlaps(whole))
                .findFirst();
        if (other.isPresent()) {
            scope.entry()
                    .malformed("it overlaps subnet " + other.get().prefix + " on line "
                            + other.get().scope.entry().at().line());
            return;
        }
        scope.entry().converted();
        Subnet subnet = new Subnet(prefix, scope, new ArrayList<>(), new ArrayList<>());
        byFirst.put(prefix.network(), subnet);
        Optional<Scope> shared = scope.around(Scope.Kind.SHARED);
        if (shared.isEmpty()) {
            networks.add(new Network(name("subnet-" + prefix.toString().replace('/', '-')), scope, List.of(subnet)));
            return;
        }
        Optional<Network> known = networks.stream()
                .filter(network -> network.scope == shared.get())
                .findFirst();
        if (known.isPresent()) {
            known.get().subnets.add(subnet);
        } else {
            networks.add(new Network(name(shared.get().name()), shared.get(), new ArrayList<>(List.of(subnet))));
        }
    }

    /** A name that our configuration takes, and that no network has yet. */
    private String name(String wanted) {
        String plain = wanted.replaceAll("[^A-Za-z0-9._-]", "-").replaceAll("^[^A-Za-z0-9]+", "");
        String start = plain.isEmpty() ? "network" : plain.substring(0, Math.min(plain.length(), 56));
        String name = start;
        for (int i = 2; !names.add(name); i++) {
            name = start + "-" + i;
        }
        return name;
    }

    private void shared(Scope scope) {
        if (networks.stream().anyMatch(network -> network.scope == scope)) {
            scope.entry().converted();
        } else {
            scope.entry().refuse("it has no subnet", "remove it");
        }
    }

    private Optional<Subnet> around(Ipv4 address) {
        SortedMap<Ipv4, Subnet> before = byFirst.headMap(address.plus(1));
        if (address.equals(Ipv4.BROADCAST) || before.isEmpty()) {
            return Optional.empty();
        }
        Subnet nearest = byFirst.get(before.lastKey());
        return Optional.ofNullable(nearest).filter(subnet -> subnet.prefix.contains(address));
    }

    private void range(Scope scope, Held<AddressRange> held) {
        AddressRange range = held.value();
        Optional<Subnet> found = around(range.first()).filter(subnet -> subnet.prefix.contains(range.last()));
        boolean sameLink = found.isPresent()
                && found.get().scope.around(Scope.Kind.SHARED).equals(scope.around(Scope.Kind.SHARED))
                && scope.around(Scope.Kind.SUBNET)
                        .map(own -> own == found.get().scope)
                        .orElse(true);
        if (!sameLink) {
            held.entry().malformed("no subnet of this place has all its addresses");
            return;
        }
        Permits allowed = permits.read(scope);
        String leftOut = allowed.leftOutBecause();
        boolean bootp = (scope.bootpRanges.contains(held) || allowed.bootp() == Permits.Bootp.ALLOWED)
                && allowed.bootp() != Permits.Bootp.DENIED
                && !Scope.value(scope.chain(), "bootp")
                        .map(Held::value)
                        .orElse("")
                        .equals("false");
        List<AddressRange> free = without(range, found.get().pools);
        for (AddressRange part : free) {
            found.get().pools.add(new Pool(part, scope, allowed, bootp));
        }
        if (!leftOut.isEmpty()) {
            scope.around(Scope.Kind.POOL)
                    .ifPresent(pool -> pool.entry().refuse("it was for some clients only: " + leftOut, ""));
            held.entry()
                    .refuse(
                            "its addresses were for some clients only: " + leftOut,
                            "it stands in the file as a comment");
        } else if (free.size() == 1 && free.getFirst().equals(range)) {
            held.entry().converted();
        } else {
            held.entry().differs("what another range has already is left out", "");
        }
    }

    /** What no pool has yet. */
    private static List<AddressRange> without(AddressRange range, List<Pool> pools) {
        List<AddressRange> free = List.of(range);
        for (Pool pool : pools) {
            List<AddressRange> next = new ArrayList<>();
            for (AddressRange part : free) {
                AddressRange taken = pool.range;
                if (!part.overlaps(taken)) {
                    next.add(part);
                    continue;
                }
                if (part.first().compareTo(taken.first()) < 0) {
                    next.add(new AddressRange(part.first(), taken.first().plus(-1)));
                }
                if (part.last().compareTo(taken.last()) > 0) {
                    next.add(new AddressRange(taken.last().plus(1), part.last()));
                }
            }
            free = next;
        }
        return free;
    }
}
