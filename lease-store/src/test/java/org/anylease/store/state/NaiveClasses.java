package org.anylease.store.state;

import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.anylease.store.address.Ipv4;
import org.anylease.store.config.ClassTimes;
import org.anylease.store.config.ClientClass;
import org.anylease.store.config.LeaseTimes;
import org.anylease.store.config.Pool;
import org.anylease.store.config.PoolAccess;
import org.anylease.store.config.SharedNetwork;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.ClassMembership;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;

/** What classes mean in {@link NaiveCell}, looked up anew each time. */
final class NaiveClasses {
    private NaiveClasses() {}

    /** Who may use pools of a network, in the order of the pools. */
    static List<PoolAccess> groups(SharedNetwork n) {
        return pools(n).map(Pool::access).distinct().toList();
    }

    private static Stream<Pool> pools(SharedNetwork n) {
        return n.subnets().stream().flatMap(s -> s.pools().stream());
    }

    static Stream<Ipv4> dynamic(SharedNetwork n, PoolAccess group) {
        return pools(n).filter(p -> p.access().equals(group))
                .flatMap(p -> LongStream.range(0, p.range().size())
                        .mapToObj(i -> p.range().first().plus((int) i)))
                .filter(x -> NaivePlan.isDynamic(n, x));
    }

    static PoolAccess groupOf(SharedNetwork n, Ipv4 x) {
        return pools(n).filter(p -> p.range().contains(x))
                .findFirst()
                .orElseThrow()
                .access();
    }

    static boolean permits(NaiveCell cell, PoolAccess access, LeaseClient c) {
        if (isBootp(c) && !access.bootp()) {
            return false;
        }
        boolean allowed = access.allow().isEmpty() || access.allow().stream().anyMatch(name -> is(cell, name, c));
        return allowed && access.deny().stream().noneMatch(name -> is(cell, name, c));
    }

    static boolean isBootp(LeaseClient c) {
        return c.classes().stream().anyMatch(m -> m.name().equals("bootp"));
    }

    /** Whether so much of a group of pools is in use that leases are as short as they may be. */
    static boolean isShort(NaiveCell cell, SharedNetwork n, Ipv4 x) {
        Pool pool = pools(n).filter(p -> p.range().contains(x)).findFirst().orElse(null);
        if (pool == null || pool.shortAbove() == 0 || NaivePlan.reservation(n, x) != null) {
            return false;
        }
        List<Binding> all = dynamic(n, pool.access()).map(cell::get).toList();
        long used = all.stream()
                .filter(b -> !b.address().equals(x) || b.state() == BindingState.ACTIVE)
                .filter(b ->
                        b.state() != BindingState.ESCROWED && (b.state() != BindingState.FREE || b.offer() != null))
                .count();
        return used * 100 >= all.size() * (long) pool.shortAbove();
    }

    private static boolean is(NaiveCell cell, String name, LeaseClient c) {
        boolean known = cell.config().networks().stream()
                .flatMap(NaivePlan::reservations)
                .anyMatch(r -> r.isFor(c));
        return switch (name) {
            case "all" -> true;
            case "known" -> known;
            case "unknown" -> !known;
            default -> c.classes().stream().anyMatch(m -> m.name().equals(name));
        };
    }

    private static @Nullable ClientClass find(NaiveCell cell, String name) {
        return cell.config().classes().stream()
                .filter(k -> k.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** Whether the others of each class leave room for one more. */
    static boolean room(NaiveCell cell, LeaseClient c) {
        for (ClassMembership m : c.classes()) {
            ClientClass k = find(cell, m.name());
            int limit = k == null ? 0 : k.limit();
            for (ClientClass.Member member : k == null ? List.<ClientClass.Member>of() : k.members()) {
                limit = member.value().equals(m.value()) && member.limit() > 0 ? member.limit() : limit;
            }
            long others = cell.bindings.values().stream()
                    .flatMap(NaiveClasses::users)
                    .filter(u -> !u.id().equals(c.id()) && u.classes().contains(m))
                    .count();
            if (limit > 0 && others >= limit) {
                return false;
            }
        }
        return true;
    }

    private static Stream<LeaseClient> users(Binding b) {
        LeaseClient holder = b.state() == BindingState.ACTIVE ? b.client() : null;
        LeaseClient offered = b.offer() == null ? null : b.offer().client();
        boolean same = holder != null && offered != null && holder.id().equals(offered.id());
        return Stream.concat(Stream.ofNullable(holder), same ? Stream.of() : Stream.ofNullable(offered));
    }

    static LeaseTimes times(NaiveCell cell, LeaseClient c, LeaseTimes outer) {
        for (ClassMembership m : c.classes()) {
            ClientClass k = find(cell, m.name());
            if (k != null && !k.times().equals(ClassTimes.NONE)) {
                return k.times().over(outer);
            }
        }
        return outer;
    }

    /** The next address for a client. */
    static @Nullable Binding idleLongest(NaiveCell cell, SharedNetwork n, LeaseClient c) {
        for (PoolAccess group : groups(n)) {
            Binding found = permits(cell, group, c) ? idleLongest(cell, n, group) : null;
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    static @Nullable Binding idleLongest(NaiveCell cell, SharedNetwork n, PoolAccess group) {
        Ipv4 unused = dynamic(n, group)
                .filter(x -> !cell.bindings.containsKey(x))
                .findFirst()
                .orElse(null);
        if (unused != null) {
            return cell.get(unused);
        }
        return dynamic(n, group)
                .map(cell::get)
                .filter(b -> b.state() == BindingState.FREE && b.offer() == null)
                .min(Comparator.comparingLong(Binding::idleSequence))
                .orElse(null);
    }
}
