package org.anylease.store.state;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.Conflict;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome.Merged.Result;
import org.anylease.store.command.PromiseEnding;
import org.anylease.store.command.PromiseRule;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.CellTimers;
import org.anylease.store.config.Member;
import org.anylease.store.config.PoolAccess;
import org.anylease.store.config.Reservation;
import org.anylease.store.config.SharedNetwork;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;

/** The part of {@link NaiveCell} that concerns what servers do alone, as plainly. */
final class NaiveAlone {
    final TreeMap<ServerId, Instant> down = new TreeMap<>();

    @Nullable
    Instant recovered;

    final List<Conflict> conflicts = new ArrayList<>();
    final TreeMap<Long, List<CellConfig>> earlier = new TreeMap<>();
    final TreeMap<Long, List<ServerId>> left = new TreeMap<>();
    private final NaiveCell cell;

    NaiveAlone(NaiveCell cell) {
        this.cell = cell;
    }

    /** Of a time, the longest that a server may go by. */
    Duration longest(Function<CellTimers, Duration> time) {
        return Stream.concat(Stream.of(cell.config()), earlier.values().stream().flatMap(List::stream))
                .map(config -> time.apply(config.timers()))
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    void supersede(@Nullable CellConfig before, CellConfig next) {
        if (before == null) {
            return;
        }
        List<ServerId> gone = before.members().stream()
                .map(Member::server)
                .filter(s -> next.members().stream().noneMatch(m -> m.server().equals(s)))
                .toList();
        boolean shorter = Stream.<Function<CellTimers, Duration>>of(
                        CellTimers::mclt, CellTimers::skew, CellTimers::longestLease)
                .anyMatch(t -> t.apply(next.timers()).compareTo(t.apply(before.timers())) < 0);
        if (shorter || !gone.isEmpty()) {
            earlier.computeIfAbsent(cell.index, _ -> new ArrayList<>()).add(before);
            left.computeIfAbsent(cell.index, _ -> new ArrayList<>()).addAll(gone);
        }
    }

    void settle(long settled) {
        earlier.headMap(settled, true).clear();
        left.headMap(settled, true).clear();
    }

    SortedSet<ServerId> awaited() {
        TreeSet<ServerId> all = new TreeSet<>();
        left.values().forEach(all::addAll);
        if (cell.config != null) {
            cell.config().members().forEach(m -> all.add(m.server()));
        }
        return all;
    }

    @Nullable
    Long waitingSince() {
        return Stream.concat(
                        earlier.keySet().stream(),
                        cell.bindings.values().stream()
                                .filter(b -> b.state() == BindingState.EXPIRED
                                        || b.state() == BindingState.RELEASED
                                        || b.state() == BindingState.ABANDONED)
                                .filter(b -> !b.gate().equals(Instant.EPOCH))
                                .map(b -> b.index().value()))
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /** When a server that was declared down counts as silent for good. */
    Instant over(@Nullable ServerId server) {
        Instant since = server == null ? null : down.get(server);
        return since == null
                ? Instant.parse("+100000-01-01T00:00:00Z")
                : since.plus(longest(CellTimers::longestLease)).plus(cell.twoSkews());
    }

    int clear(LeaseCommand.ClearConflict c) {
        int before = conflicts.size();
        conflicts.removeIf(
                any -> any.address().equals(c.address()) && any.index().equals(c.index()));
        return before - conflicts.size();
    }

    private boolean isMember(ServerId server) {
        return cell.config != null
                && cell.config().members().stream().anyMatch(m -> m.server().equals(server));
    }

    int declare(ServerId server) {
        boolean others = awaited().stream().anyMatch(s -> !s.equals(server) && isMember(s) && !down.containsKey(s));
        if (!others || !awaited().contains(server) || down.containsKey(server)) {
            return 0;
        }
        down.put(server, cell.time);
        return 1;
    }

    int recover(ServerId survivor) {
        if (cell.config == null) {
            return 0;
        }
        int before = down.size();
        awaited().stream().filter(s -> !s.equals(survivor)).forEach(s -> down.putIfAbsent(s, cell.time));
        recovered = cell.time;
        return down.size() - before;
    }

    /** Whether what lost servers promised may still run. */
    boolean recovering() {
        return recovered != null
                && cell.config != null
                && !cell.time.isAfter(
                        recovered.plus(longest(CellTimers::longestLease)).plus(cell.twoSkews()));
    }

    int undo(ServerId server, ServerId by) {
        if (!down.containsKey(server) || (cell.time.isAfter(over(server)) && !server.equals(by))) {
            return 0;
        }
        down.remove(server);
        return 1;
    }

    @Nullable
    Reservation reservation(Ipv4 address) {
        return cell.config().networks().stream()
                .flatMap(NaivePlan::reservations)
                .filter(r -> r.address().equals(address))
                .findFirst()
                .orElse(null);
    }

    long idle(SharedNetwork n) {
        return dynamic(n)
                .filter(x ->
                        cell.get(x).state() == BindingState.FREE && cell.get(x).offer() == null)
                .count();
    }

    long escrowed(SharedNetwork n) {
        return dynamic(n)
                .filter(x -> cell.get(x).state() == BindingState.ESCROWED)
                .count();
    }

    private static Stream<Ipv4> dynamic(SharedNetwork n) {
        return n.subnets().stream()
                .flatMap(s -> s.pools().stream())
                .flatMap(p -> LongStream.range(0, p.range().size())
                        .mapToObj(i -> p.range().first().plus((int) i)))
                .filter(x -> NaivePlan.isDynamic(n, x));
    }

    List<Ipv4> escrowOf(ServerId owner, SharedNetwork n) {
        return cell.bindings.values().stream()
                .filter(b -> b.state() == BindingState.ESCROWED && owner.equals(b.server()))
                .filter(b -> NaivePlan.subnet(n, b.address()) != null)
                .sorted(Comparator.comparing(Binding::index).thenComparing(Binding::address))
                .map(Binding::address)
                .toList();
    }

    private long share(SharedNetwork n, PoolAccess group) {
        long unused = NaiveClasses.dynamic(n, group)
                .map(cell::get)
                .filter(b ->
                        b.state() == BindingState.ESCROWED || (b.state() == BindingState.FREE && b.offer() == null))
                .count();
        return unused / (2L * cell.config().members().size());
    }

    int grant(LeaseCommand.GrantEscrow g) {
        SharedNetwork n = cell.network(g.network());
        if (n == null || !isMember(g.owner()) || down.containsKey(g.owner())) {
            return 0;
        }
        Instant until = cell.time.plus(cell.config().timers().escrowTerm());
        int changed = 0;
        TreeMap<Integer, Long> held = new TreeMap<>();
        List<PoolAccess> groups = NaiveClasses.groups(n);
        for (Ipv4 x : escrowOf(g.owner(), n)) {
            if (NaivePlan.isDynamic(n, x)) {
                held.merge(groups.indexOf(NaiveClasses.groupOf(n, x)), 1L, Long::sum);
                Binding b = cell.get(x);
                if (until.isAfter(b.end())) {
                    cell.bindings.put(x, gated(b, until, b.gate()));
                    changed++;
                }
            }
        }
        while (held.values().stream().mapToLong(Long::longValue).sum() < g.wanted() && !recovering()) {
            Integer poorest = IntStream.range(0, groups.size())
                    .boxed()
                    .filter(i -> held.getOrDefault(i, 0L) < share(n, groups.get(i)))
                    .filter(i -> NaiveClasses.idleLongest(cell, n, groups.get(i)) != null)
                    .min(Comparator.comparingLong(i -> held.getOrDefault(i, 0L)))
                    .orElse(null);
            Binding b = poorest == null ? null : NaiveClasses.idleLongest(cell, n, groups.get(poorest));
            if (poorest == null || b == null) {
                break;
            }
            held.merge(poorest, 1L, Long::sum);
            cell.bindings.put(
                    b.address(),
                    new Binding(
                            b.address(),
                            BindingState.ESCROWED,
                            new LogIndex(cell.index),
                            null,
                            Instant.EPOCH,
                            until,
                            Instant.EPOCH,
                            Instant.EPOCH,
                            g.owner(),
                            0,
                            0,
                            null));
            changed++;
        }
        return changed;
    }

    int giveBack(LeaseCommand.ReturnEscrow r, ServerId by) {
        Binding b = cell.get(r.address());
        boolean meant = b.state() == BindingState.ESCROWED
                && b.index().equals(r.grant())
                && r.owner().equals(b.server())
                && by.equals(r.owner());
        if (meant && r.inUse()) {
            cell.abandon(b, Instant.EPOCH, Instant.EPOCH);
        } else if (meant) {
            cell.free(b);
        }
        return meant ? 1 : 0;
    }

    Result merge(LeaseCommand.CommitPromise p, ServerId by) {
        if (cell.config == null) {
            return Result.OBSOLETE;
        }
        Binding b = cell.get(p.address());
        boolean rests = rests(b, p, by);
        if (p.ending() != PromiseEnding.HELD) {
            if (!rests || !b.index().equals(p.binding())) {
                return Result.OBSOLETE;
            }
            Binding bound = bind(b, p, by);
            if (p.ending() == PromiseEnding.DECLINED) {
                cell.abandon(bound);
            } else {
                cell.put(
                        bound,
                        BindingState.RELEASED,
                        bound.client(),
                        bound.start(),
                        bound.end(),
                        cell.closing(bound),
                        0,
                        null);
            }
            return Result.TAKEN;
        }
        Instant over = p.until().plus(cell.twoSkews());
        if (rests || (b.state() == BindingState.FREE && over.isAfter(cell.time))) {
            bind(b, p, by);
            return Result.TAKEN;
        }
        if (!over.isAfter(cell.time)) {
            return Result.OBSOLETE;
        }
        Reservation r = reservation(b.address());
        boolean kept = p.rule() == PromiseRule.R4_RESERVATION
                && b.client() == null
                && b.gate().equals(Binding.TIME_MAX)
                && (r == null || r.isFor(p.client()));
        if (b.state() == BindingState.ABANDONED && (kept || b.isOf(p.client().id()))) {
            Instant end = b.end().isAfter(over) ? b.end() : over;
            cell.put(b, BindingState.ABANDONED, b.client(), Instant.EPOCH, end, b.gate(), 0, null);
            return Result.TAKEN;
        }
        boolean held = b.state() == BindingState.ACTIVE
                || b.state() == BindingState.EXPIRED
                || b.state() == BindingState.RELEASED;
        Conflict conflict = new Conflict(
                b.address(),
                new LogIndex(cell.index),
                cell.time,
                held ? b.client() : null,
                b.end(),
                p.client(),
                by,
                p.rule(),
                p.until());
        conflicts.removeIf(c -> c.index().equals(conflict.index())
                && c.address().equals(conflict.address())
                && c.promised().id().equals(conflict.promised().id()));
        conflicts.add(conflict);
        Instant last = b.end().isAfter(p.until()) ? b.end() : p.until();
        Instant both = last.plus(cell.twoSkews());
        cell.abandon(b, both, cell.closing(b).isAfter(both) ? cell.closing(b) : both);
        return Result.CONFLICT;
    }

    private boolean rests(Binding b, LeaseCommand.CommitPromise p, ServerId by) {
        LeaseClient c = p.client();
        Reservation r = reservation(b.address());
        return switch (b.state()) {
            case ACTIVE, RELEASED -> b.isOf(c.id());
            case EXPIRED ->
                b.isOf(c.id())
                        || (p.rule() == PromiseRule.R4_RESERVATION
                                && b.client() == null
                                && b.gate().equals(Binding.TIME_MAX));
            case RESERVED -> r != null && r.isFor(c);
            case ESCROWED ->
                p.rule() == PromiseRule.R3_ESCROW && b.index().equals(p.binding()) && by.equals(b.server());
            case FREE, ABANDONED -> false;
        };
    }

    private Binding bind(Binding b, LeaseCommand.CommitPromise p, ServerId by) {
        LeaseClient c = p.client();
        boolean known = b.isOf(c.id());
        LeaseClient was = known ? b.client() : null;
        boolean bypassed = c.relay().isUnspecified() && c.relayInformation().isEmpty();
        LeaseClient holder = bypassed && was != null
                ? new LeaseClient(c.id(), c.hardware(), c.hostname(), was.relayInformation(), was.relay(), c.classes())
                : c;
        boolean again = b.state() == BindingState.ACTIVE
                || b.state() == BindingState.EXPIRED
                || b.state() == BindingState.RELEASED;
        Instant seen = p.promised().isAfter(cell.time) ? cell.time : p.promised();
        seen = known && b.lastSeen().isAfter(seen) ? b.lastSeen() : seen;
        ServerId server = b.server();
        var here = NaivePlan.site(cell.config(), by);
        var there = known && server != null ? NaivePlan.site(cell.config(), server) : null;
        boolean moved = here != null && there != null && !here.equals(there);
        Binding bound = new Binding(
                b.address(),
                BindingState.ACTIVE,
                new LogIndex(cell.index),
                holder,
                b.state() == BindingState.ACTIVE ? b.start() : seen,
                again && b.end().isAfter(p.until()) ? b.end() : p.until(),
                again && b.gate().equals(Binding.TIME_MAX) ? Binding.TIME_MAX : Instant.EPOCH,
                seen,
                by,
                moved ? Math.min(255, b.siteMoves() + 1) : 0,
                0,
                null);
        cell.bindings.put(b.address(), bound);
        for (Binding o : List.copyOf(cell.bindings.values())) {
            if (o.offer() != null && o.offer().client().id().equals(c.id())) {
                cell.dropOffer(o);
            }
        }
        return bound;
    }

    Binding gated(Binding b, Instant end, Instant gate) {
        return new Binding(
                b.address(),
                b.state(),
                b.index(),
                b.client(),
                b.start(),
                end,
                gate,
                b.lastSeen(),
                b.server(),
                b.siteMoves(),
                b.idleSequence(),
                b.offer());
    }
}
