package org.anylease.store.state;

import java.time.Duration;
import java.util.stream.Stream;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.ServerId;
import org.anylease.store.cell.SiteId;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.LeaseTimes;
import org.anylease.store.config.Member;
import org.anylease.store.config.Pool;
import org.anylease.store.config.Reservation;
import org.anylease.store.config.SharedNetwork;
import org.anylease.store.config.Subnet;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;

/** What {@link NaiveCell} asks of a configuration, by looking through it from the start each time. */
final class NaivePlan {
    private NaivePlan() {}

    static @Nullable Subnet subnet(SharedNetwork n, Ipv4 x) {
        return n.subnets().stream()
                .filter(s -> s.prefix().contains(x))
                .findFirst()
                .orElse(null);
    }

    static Stream<Reservation> reservations(SharedNetwork n) {
        return n.subnets().stream().flatMap(s -> s.reservations().stream());
    }

    static @Nullable Reservation reservation(SharedNetwork n, Ipv4 x) {
        return reservations(n).filter(r -> r.address().equals(x)).findFirst().orElse(null);
    }

    static boolean isDynamic(SharedNetwork n, Ipv4 x) {
        Subnet s = subnet(n, x);
        return s != null
                && s.pools().stream().anyMatch(p -> p.range().contains(x))
                && reservation(n, x) == null
                && (s.prefix().length() > 30
                        || (!x.equals(s.prefix().network())
                                && !x.equals(s.prefix().last())));
    }

    static Duration lease(NaiveCell cell, SharedNetwork n, Ipv4 x, LeaseClient c, @Nullable Duration wanted) {
        Subnet s = subnet(n, x);
        if (s == null) {
            throw new IllegalStateException("no subnet");
        }
        Reservation r = reservation(n, x);
        LeaseTimes times = r != null
                ? r.leaseTimes()
                : s.pools().stream()
                        .filter(p -> p.range().contains(x))
                        .findFirst()
                        .map(Pool::leaseTimes)
                        .orElse(s.leaseTimes());
        times = r != null && r.ownTimes() ? times : NaiveClasses.times(cell, c, times);
        Duration longest = cell.config().timers().longestLease();
        Pool pool = s.pools().stream()
                .filter(p -> p.range().contains(x))
                .findFirst()
                .orElse(null);
        if (NaiveClasses.isBootp(c)) {
            Duration bootp = r != null || pool == null ? times.maximum() : pool.bootpLease();
            return bootp.compareTo(longest) > 0 ? longest : bootp;
        }
        long seconds = wanted == null ? times.standard().toSeconds() : wanted.toSeconds();
        seconds = Math.max(seconds, times.minimum().toSeconds());
        seconds = Math.min(seconds, times.maximum().toSeconds());
        seconds = Math.min(seconds, longest.toSeconds());
        if (NaiveClasses.isShort(cell, n, x)) {
            Binding b = cell.get(x);
            boolean held = b.state() == BindingState.ACTIVE && b.isOf(c.id());
            long left = held ? Duration.between(cell.time, b.end()).toSeconds() : 0;
            seconds = Math.min(seconds, Math.max(times.minimum().toSeconds(), left));
        }
        return Duration.ofSeconds(seconds);
    }

    static @Nullable SiteId site(CellConfig config, ServerId server) {
        for (Member member : config.members()) {
            if (member.server().equals(server)) {
                return member.site();
            }
        }
        return null;
    }
}
