package org.anylease.store.state;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.anylease.store.address.Ipv4;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome;
import org.anylease.store.command.Outcome.NotReserved.Obstacle;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.ReplySettings;
import org.anylease.store.config.Reservation;
import org.anylease.store.config.RuntimeReservation;
import org.anylease.store.config.SharedNetwork;
import org.anylease.store.config.Subnet;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.LeaseClient;
import org.anylease.store.lease.Offer;
import org.jspecify.annotations.Nullable;

/** What configurations do to a {@link NaiveCell}. */
final class NaiveEdits {
    private final TreeMap<Ipv4, RuntimeReservation> kept = new TreeMap<>();
    private final NaiveCell cell;

    /** The configuration without what is kept beside it. */
    private @Nullable CellConfig file;

    NaiveEdits(NaiveCell cell) {
        this.cell = cell;
    }

    Outcome configure(LeaseCommand.ApplyConfig a) {
        CellConfig before = file;
        long inForce = before == null ? 0 : before.version();
        if (a.basedOn() != inForce || a.config().version() <= inForce) {
            return new Outcome.Superseded(inForce);
        }
        cell.alone.supersede(before, a.config());
        file = a.config();
        return new Outcome.Done(replan());
    }

    Outcome reserve(LeaseCommand.ReserveAddresses command) {
        TreeMap<Ipv4, RuntimeReservation> all = new TreeMap<>(kept);
        for (RuntimeReservation wish : command.reservations()) {
            Outcome.NotReserved not = against(wish, all, command.whenFree());
            if (not != null) {
                return not;
            }
            all.put(wish.address(), wish);
        }
        all.replaceAll((x, wish) -> {
            RuntimeReservation old = kept.get(x);
            return old != null && Objects.equals(old.hostname(), wish.hostname()) ? old : wish;
        });
        if (all.equals(kept) || file == null) {
            return new Outcome.Done(0);
        }
        kept.clear();
        kept.putAll(all);
        replan();
        return new Outcome.Done(command.reservations().stream()
                .map(RuntimeReservation::address)
                .collect(Collectors.toSet())
                .size());
    }

    private Outcome.@Nullable NotReserved against(
            RuntimeReservation wish, Map<Ipv4, RuntimeReservation> all, boolean whenFree) {
        Ipv4 x = wish.address();
        SharedNetwork n = file == null
                ? null
                : file.networks().stream()
                        .filter(any -> NaivePlan.subnet(any, x) != null)
                        .findFirst()
                        .orElse(null);
        if (n == null) {
            return new Outcome.NotReserved(x, Obstacle.NO_SUBNET, null);
        }
        for (Subnet s : n.subnets()) {
            boolean named = s.prefix().length() <= 30;
            if (named && (x.equals(s.prefix().network()) || x.equals(s.prefix().last()))) {
                return new Outcome.NotReserved(x, Obstacle.OWN_NAME, null);
            }
        }
        Reservation filed = NaivePlan.reservation(n, x);
        if (filed != null) {
            boolean same = filed.key().equals(wish.key());
            return new Outcome.NotReserved(x, same ? Obstacle.IN_FILE : Obstacle.KEPT_FOR_ANOTHER, null);
        }
        RuntimeReservation old = all.get(x);
        if (old != null && !old.key().equals(wish.key())) {
            return new Outcome.NotReserved(x, Obstacle.KEPT_FOR_ANOTHER, null);
        }
        Optional<Ipv4> other = Stream.of(
                        NaivePlan.reservations(n)
                                .filter(r -> r.key().equals(wish.key()))
                                .map(Reservation::address),
                        sameKey(kept, n, wish),
                        sameKey(all, n, wish))
                .flatMap(s -> s)
                .findFirst();
        if (other.isPresent()) {
            return new Outcome.NotReserved(x, Obstacle.CLIENT_HAS_ANOTHER, other.get());
        }
        Binding b = cell.get(x);
        boolean own = b.client() != null && wish.isFor(b.client());
        if (!whenFree && old == null && b.state() == BindingState.ABANDONED) {
            return new Outcome.NotReserved(x, Obstacle.ABANDONED, null);
        }
        boolean had = b.state() == BindingState.ACTIVE
                || b.state() == BindingState.EXPIRED
                || b.state() == BindingState.RELEASED;
        return !whenFree && old == null && had && !own ? new Outcome.NotReserved(x, Obstacle.HELD, null) : null;
    }

    private static Stream<Ipv4> sameKey(Map<Ipv4, RuntimeReservation> those, SharedNetwork n, RuntimeReservation wish) {
        return those.values().stream()
                .filter(r -> r.key().equals(wish.key()) && !r.address().equals(wish.address()))
                .map(RuntimeReservation::address)
                .filter(x -> NaivePlan.subnet(n, x) != null);
    }

    Outcome unreserve(LeaseCommand.UnreserveAddresses command) {
        int before = kept.size();
        for (RuntimeReservation given : command.reservations()) {
            kept.values()
                    .removeIf(
                            r -> r.address().equals(given.address()) && r.key().equals(given.key()));
        }
        if (kept.size() < before) {
            replan();
        }
        return new Outcome.Done(before - kept.size());
    }

    private CellConfig over(CellConfig plain) {
        return plain.with(plain.networks().stream()
                .map(n -> new SharedNetwork(
                        n.name(), n.subnets().stream().map(s -> over(s, n)).toList(), n.settings(), n.policy()))
                .toList());
    }

    private Subnet over(Subnet s, SharedNetwork n) {
        List<Reservation> all = new ArrayList<>(s.reservations());
        for (RuntimeReservation r : kept.values()) {
            boolean taken = NaivePlan.reservations(n)
                    .anyMatch(f -> f.address().equals(r.address()) || f.key().equals(r.key()));
            if (s.prefix().contains(r.address()) && !taken) {
                all.add(new Reservation(r.address(), r.key(), r.hostname(), ReplySettings.NONE, s.leaseTimes(), false));
            }
        }
        return new Subnet(s.prefix(), s.pools(), all, s.settings(), s.leaseTimes());
    }

    private int replan() {
        CellConfig before = cell.config;
        if (file == null) {
            return 0;
        }
        cell.config = over(file);
        int changed = 0;
        if (before != null) {
            for (Reservation old :
                    before.networks().stream().flatMap(NaivePlan::reservations).toList()) {
                boolean still = cell.config().networks().stream()
                        .flatMap(NaivePlan::reservations)
                        .anyMatch(r ->
                                r.address().equals(old.address()) && r.key().equals(old.key()));
                Binding b = cell.get(old.address());
                LeaseClient last = b.client();
                if (!still && b.state() == BindingState.RESERVED) {
                    LeaseClient own = last != null && old.isFor(last) ? last : null;
                    cell.put(b, BindingState.EXPIRED, own, b.start(), cell.time, Binding.TIME_MAX, 0, null);
                    changed++;
                }
                boolean inUse = b.state() == BindingState.ACTIVE || NaiveCell.waits(b);
                if (!still && inUse && !b.gate().equals(Binding.TIME_MAX)) {
                    cell.bindings.put(b.address(), cell.alone.gated(b, b.end(), Binding.TIME_MAX));
                    changed++;
                }
            }
        }
        for (Reservation r : cell.config().networks().stream()
                .flatMap(NaivePlan::reservations)
                .toList()) {
            Binding b = cell.get(r.address());
            if (b.state() == BindingState.FREE) {
                boolean own = b.offer() != null && r.isFor(b.offer().client());
                Offer offer = own ? b.offer() : null;
                cell.put(b, BindingState.RESERVED, b.client(), Instant.EPOCH, Instant.EPOCH, Instant.EPOCH, 0, offer);
                changed++;
            }
        }
        return changed;
    }
}
