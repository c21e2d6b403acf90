package org.anylease.server.isc.convert;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * Which of several {@code on} for one event dhcpd does. It comes to them in the order in which it executes statements,
 * and each takes the place of the one before: the outermost declaration is first, then come pools, classes and the host.
 */
final class EventOrder {
    private static final int POOL = 1;
    private static final int CLASS = 2;
    private static final int HOST = 3;

    private final SequencedMap<Scope, List<String>> events = new LinkedHashMap<>();

    EventOrder(Scope global) {
        for (Scope scope : global.all()) {
            if (scope.kind() == Scope.Kind.EVENT) {
                String names = scope.name().replaceAll("[\\[\\],]", "");
                events.put(scope, List.of(names.split(" ", -1)));
            }
        }
    }

    /** The events of an {@code on} that no other takes over whenever dhcpd comes to it. */
    SequencedSet<String> left(Scope on) {
        SequencedSet<String> left = new LinkedHashSet<>(events.getOrDefault(on, List.of()));
        List<Scope> places = places(on);
        events.forEach((other, names) -> {
            if (other.entry().isBehind(on.entry()) && places.contains(other.outer())) {
                names.forEach(left::remove);
            }
        });
        return left;
    }

    /** Whether another takes over some of those for some of the clients. */
    boolean isOvertaken(Scope on) {
        SequencedSet<String> left = left(on);
        return events.entrySet().stream()
                .filter(other ->
                        other.getKey() != on && other.getValue().stream().anyMatch(left::contains))
                .anyMatch(other -> isLater(on, other.getKey()) && !isExclusive(on, other.getKey()));
    }

    /** The conditions around in its declaration, and that at last. */
    private static List<Scope> places(Scope on) {
        List<Scope> around = new ArrayList<>();
        Scope scope = on.outer();
        around.add(scope);
        while (scope.kind() == Scope.Kind.CONDITION) {
            scope = scope.outer();
            around.add(scope);
        }
        return around;
    }

    /** Whether the other may be executed later. */
    private static boolean isLater(Scope on, Scope other) {
        Scope here = places(on).getLast();
        Scope there = places(other).getLast();
        if (here == there) {
            return other.entry().isBehind(on.entry());
        }
        return !here.chain().contains(there) && rank(there, HOST) >= rank(here, 0);
    }

    /** When a declaration is executed; a group's hosts tell when it is, and so it is early or late. */
    private static int rank(Scope declaration, int ofGroup) {
        return switch (declaration.kind()) {
            case GROUP -> ofGroup;
            case POOL -> POOL;
            case CLASS, SUBCLASS -> CLASS;
            case HOST -> HOST;
            default -> 0;
        };
    }

    /** Whether both are never executed for one client. */
    private static boolean isExclusive(Scope on, Scope other) {
        Scope here = places(on).getLast();
        Scope there = places(other).getLast();
        if (here.chain().contains(there) || there.chain().contains(here)) {
            return here == there && isOtherBranch(on, other);
        }
        if (isOfHosts(here) || isOfHosts(there)) {
            return isOfHosts(here) && isOfHosts(there);
        }
        if (here.kind() == Scope.Kind.SUBCLASS && there.kind() == Scope.Kind.SUBCLASS) {
            return here.name().equals(there.name());
        }
        return rank(here, 0) < CLASS
                && rank(there, 0) < CLASS
                && (differ(link(here), link(there))
                        || differ(around(here, Scope.Kind.SUBNET), around(there, Scope.Kind.SUBNET))
                        || differ(around(here, Scope.Kind.POOL), around(there, Scope.Kind.POOL)));
    }

    /** A host, or a group of nothing but hosts. */
    private static boolean isOfHosts(Scope declaration) {
        return declaration.kind() == Scope.Kind.HOST
                || (declaration.kind() == Scope.Kind.GROUP
                        && declaration.all().stream().noneMatch(inner -> switch (inner.kind()) {
                            case SHARED, SUBNET, POOL, CLASS, SUBCLASS -> true;
                            case GLOBAL, GROUP, HOST, CONDITION, EVENT -> false;
                        }));
    }

    private static @Nullable Scope around(Scope scope, Scope.Kind kind) {
        return scope.around(kind).orElse(null);
    }

    private static @Nullable Scope link(Scope scope) {
        return scope.around(Scope.Kind.SHARED)
                .or(() -> scope.around(Scope.Kind.SUBNET))
                .orElse(null);
    }

    private static boolean differ(@Nullable Scope one, @Nullable Scope other) {
        return one != null && other != null && one != other;
    }

    /** Whether the other stands in a later branch of an {@code if} that this one stands in as well. */
    private static boolean isOtherBranch(Scope on, Scope other) {
        List<Scope> chain = on.chain();
        List<Scope> others = other.chain();
        int split = 0;
        while (chain.get(split) == others.get(split)) {
            split++;
        }
        List<Scope> branches = chain.get(split).outer().children.stream()
                .filter(each -> each.kind() == Scope.Kind.CONDITION)
                .toList();
        int from = branches.indexOf(chain.get(split));
        int to = branches.indexOf(others.get(split));
        return from >= 0
                && from < to
                && branches.subList(from + 1, to + 1).stream()
                        .allMatch(each -> each.name().startsWith("els"));
    }
}
