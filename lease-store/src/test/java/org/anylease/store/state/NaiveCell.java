package org.anylease.store.state;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.cell.SiteId;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome;
import org.anylease.store.command.Outcome.Refused.Reason;
import org.anylease.store.command.RequestKind;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.CellTimers;
import org.anylease.store.config.Reservation;
import org.anylease.store.config.SharedNetwork;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;
import org.anylease.store.lease.Offer;
import org.jspecify.annotations.Nullable;

/**
 * The rules once more, as plainly as they can be said: one sorted map, every question a scan. It shares with the real
 * table only the values, so that a mistake in an index, a queue or an encoding shows as a difference.
 */
final class NaiveCell {
    final TreeMap<Ipv4, Binding> bindings = new TreeMap<>();
    final TreeSet<String> batches = new TreeSet<>();
    final NaiveAlone alone = new NaiveAlone(this);
    final NaiveEdits edits = new NaiveEdits(this);

    @Nullable
    CellConfig config;

    Instant time = Instant.EPOCH;
    long index;
    long idle;

    Outcome apply(LeaseCommand command, ServerId by) {
        return switch (command) {
            case LeaseCommand.OfferAddress offer -> offer(offer, by);
            case LeaseCommand.CommitLease commit -> commit(commit, by);
            case LeaseCommand.ReleaseLease release -> {
                Binding b = get(release.address());
                boolean meant = b.state() == BindingState.ACTIVE
                        && b.isOf(release.client())
                        && b.index().equals(release.binding());
                if (meant) {
                    put(b, BindingState.RELEASED, b.client(), b.start(), b.end(), closing(b), 0, b.offer());
                }
                yield new Outcome.Done(meant ? 1 : 0);
            }
            case LeaseCommand.DeclineAddress decline -> {
                Binding b = get(decline.address());
                boolean meant = b.state() == BindingState.ACTIVE
                        && b.isOf(decline.client())
                        && b.index().equals(decline.binding());
                if (meant) {
                    abandon(b);
                }
                yield new Outcome.Done(meant ? 1 : 0);
            }
            case LeaseCommand.CancelOffer cancel -> {
                List<Binding> with = bindings.values().stream()
                        .filter(b ->
                                b.offer() != null && b.offer().client().id().equals(cancel.client()))
                        .toList();
                with.forEach(this::dropOffer);
                yield new Outcome.Done(with.size());
            }
            case LeaseCommand.ExpireDue expire ->
                expire(expire.most(), expire.settled().value());
            case LeaseCommand.ApplyConfig apply -> edits.configure(apply);
            case LeaseCommand.RestoreBindings restore -> {
                long changed = restore.bindings().stream()
                        .filter(given -> NaiveRestore.restored(this, given))
                        .count();
                yield new Outcome.Done((int) changed);
            }
            case LeaseCommand.ReserveAddresses reserve -> edits.reserve(reserve);
            case LeaseCommand.UnreserveAddresses unreserve -> edits.unreserve(unreserve);
            case LeaseCommand.CommitPromise promise -> new Outcome.Merged(alone.merge(promise, by));
            case LeaseCommand.GrantEscrow grant -> new Outcome.Done(alone.grant(grant));
            case LeaseCommand.ReturnEscrow back -> new Outcome.Done(alone.giveBack(back, by));
            case LeaseCommand.DeclareDown down -> new Outcome.Done(alone.declare(down.server()));
            case LeaseCommand.UndoDeclareDown undo -> new Outcome.Done(alone.undo(undo.server(), by));
            case LeaseCommand.RecoverCell recover -> new Outcome.Done(alone.recover(recover.survivor()));
            case LeaseCommand.NoteDns note -> throw new IllegalStateException("the model knows no DNS: " + note);
            case LeaseCommand.ClearConflict clear -> new Outcome.Done(alone.clear(clear));
        };
    }

    Binding get(Ipv4 address) {
        return bindings.getOrDefault(address, Binding.neverUsed(address, 0));
    }

    CellConfig config() {
        if (config == null) {
            throw new IllegalStateException("not configured");
        }
        return config;
    }

    void put(
            Binding b,
            BindingState state,
            @Nullable LeaseClient client,
            Instant start,
            Instant end,
            Instant gate,
            long sequence,
            @Nullable Offer offer) {
        bindings.put(
                b.address(),
                new Binding(
                        b.address(),
                        state,
                        new LogIndex(index),
                        client,
                        start,
                        end,
                        gate,
                        b.lastSeen(),
                        client == null ? null : b.server(),
                        client == null ? 0 : b.siteMoves(),
                        sequence,
                        offer));
    }

    private void note(Binding b, @Nullable Offer offer, long sequence) {
        bindings.put(
                b.address(),
                new Binding(
                        b.address(),
                        b.state(),
                        b.index(),
                        b.client(),
                        b.start(),
                        b.end(),
                        b.gate(),
                        b.lastSeen(),
                        b.server(),
                        b.siteMoves(),
                        sequence,
                        offer));
    }

    void dropOffer(Binding b) {
        note(b, null, b.state() == BindingState.FREE ? ++idle : 0);
    }

    Duration twoSkews() {
        return alone.longest(CellTimers::skew).multipliedBy(2);
    }

    static Instant max(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    Instant closing(Binding b) {
        return switch (b.state()) {
            case ACTIVE ->
                max(b.gate(), b.end().plus(alone.longest(CellTimers::mclt)).plus(twoSkews()));
            case RESERVED -> Binding.TIME_MAX;
            case ESCROWED -> b.end().plus(twoSkews());
            default -> b.gate();
        };
    }

    void abandon(Binding b) {
        abandon(b, Instant.EPOCH, closing(b));
    }

    void abandon(Binding b, Instant atLeast, Instant gate) {
        put(
                b,
                BindingState.ABANDONED,
                b.client(),
                Instant.EPOCH,
                max(atLeast, time.plus(config().timers().quarantine())),
                gate,
                0,
                null);
    }

    @Nullable
    SharedNetwork network(String name) {
        return config == null
                ? null
                : config.networks().stream()
                        .filter(n -> n.name().equals(name))
                        .findFirst()
                        .orElse(null);
    }

    @Nullable
    Offer offer(Binding b) {
        Offer offer = b.offer();
        return offer != null && offer.until().isAfter(time) ? offer : null;
    }

    private boolean offeredTo(Binding b, LeaseClient c) {
        Offer offer = offer(b);
        return offer != null && offer.client().id().equals(c.id());
    }

    private boolean offeredElsewhere(Binding b, LeaseClient c) {
        return offer(b) != null && !offeredTo(b, c);
    }

    private @Nullable Binding reserved(SharedNetwork n, LeaseClient c) {
        return NaivePlan.reservations(n)
                .filter(r -> r.isFor(c))
                .sorted(Comparator.comparing(r ->
                        r.key().kind() == ClientId.Kind.HARDWARE && !r.key().equals(c.id())))
                .map(r -> get(r.address()))
                .filter(b -> switch (b.state()) {
                    case RESERVED, FREE -> !offeredElsewhere(b, c);
                    case ACTIVE, EXPIRED, RELEASED -> b.isOf(c.id());
                    case ABANDONED, ESCROWED -> false;
                })
                .findFirst()
                .orElse(null);
    }

    private boolean leasable(SharedNetwork n, LeaseClient c, Ipv4 x) {
        Reservation r = NaivePlan.reservation(n, x);
        return r != null
                ? r.isFor(c)
                : NaivePlan.isDynamic(n, x)
                        && NaiveClasses.permits(this, NaiveClasses.groupOf(n, x), c)
                        && reserved(n, c) == null;
    }

    private static boolean lapsedOf(Binding b, LeaseClient c) {
        return (b.state() == BindingState.EXPIRED || b.state() == BindingState.RELEASED) && b.isOf(c.id());
    }

    private @Nullable Binding choice(SharedNetwork n, LeaseClient c, @Nullable Ipv4 wanted) {
        Binding kept = reserved(n, c);
        if (kept != null) {
            return kept;
        }
        List<Binding> own = bindings.values().stream()
                .filter(b -> NaivePlan.subnet(n, b.address()) != null && leasable(n, c, b.address()))
                .toList();
        for (Binding b : own) {
            if (b.state() == BindingState.ACTIVE && b.isOf(c.id())) {
                return b;
            }
        }
        for (Binding b : own) {
            if (offeredTo(b, c)) {
                return b;
            }
        }
        if (!NaiveClasses.room(this, c)) {
            return null;
        }
        if (wanted != null && leasable(n, c, wanted)) {
            Binding b = get(wanted);
            if ((b.state() == BindingState.FREE || lapsedOf(b, c)) && offer(b) == null) {
                return b;
            }
        }
        Binding last = own.stream()
                .filter(b -> b.isOf(c.id()) && offer(b) == null)
                .filter(b -> lapsedOf(b, c) || (b.state() == BindingState.FREE && !alone.recovering()))
                .max(Comparator.comparing(Binding::lastSeen)
                        .thenComparing(Comparator.comparing(Binding::address).reversed()))
                .orElse(null);
        return last != null || alone.recovering() ? last : NaiveClasses.idleLongest(this, n, c);
    }

    private Outcome offer(LeaseCommand.OfferAddress o, ServerId by) {
        SharedNetwork n = network(o.network());
        if (n == null) {
            return new Outcome.NoAddress();
        }
        LeaseClient c = o.client();
        if (o.inUse() != null && NaivePlan.subnet(n, o.inUse()) != null) {
            Binding b = get(o.inUse());
            boolean lapsed = b.state() == BindingState.ACTIVE && b.isOf(c.id()) && time.isAfter(b.end());
            boolean none = b.state() != BindingState.ABANDONED && b.state() != BindingState.ESCROWED;
            if (lapsed || (none && b.state() != BindingState.ACTIVE)) {
                abandon(b);
            }
        }
        Binding chosen = choice(n, c, o.wanted());
        if (chosen == null) {
            return new Outcome.NoAddress();
        }
        if (chosen.state() == BindingState.ACTIVE) {
            return new Outcome.Offered(chosen.address(), NaivePlan.lease(this, n, chosen.address(), c, null), true);
        }
        for (Binding b : List.copyOf(bindings.values())) {
            boolean ours = b.offer() != null && b.offer().client().id().equals(c.id());
            if (ours && NaivePlan.subnet(n, b.address()) != null && !b.address().equals(chosen.address())) {
                dropOffer(b);
            }
        }
        note(chosen, new Offer(c, time.plus(config().timers().offerHold()), by), chosen.idleSequence());
        return new Outcome.Offered(chosen.address(), NaivePlan.lease(this, n, chosen.address(), c, null), false);
    }

    private Outcome commit(LeaseCommand.CommitLease m, ServerId by) {
        SharedNetwork n = network(m.network());
        if (n == null) {
            return new Outcome.NotKnown();
        }
        LeaseClient c = m.client();
        Binding b = get(m.address());
        boolean held = b.state() == BindingState.ACTIVE && b.isOf(c.id());
        boolean reboot = m.kind() == RequestKind.INIT_REBOOT;
        boolean another = bindings.values().stream()
                .anyMatch(o ->
                        o.state() == BindingState.ACTIVE && o.isOf(c.id()) && NaivePlan.subnet(n, o.address()) != null);
        if (reboot && !held && another) {
            return new Outcome.Refused(Reason.OTHER_ADDRESS);
        }
        boolean says = m.kind() == RequestKind.SELECTING || n.policy().authoritative();
        Outcome not = says ? new Outcome.Refused(Reason.NOT_LEASABLE) : new Outcome.NotKnown();
        if (NaivePlan.subnet(n, m.address()) == null) {
            return not;
        }
        boolean leasable = leasable(n, c, m.address());
        if (held && !leasable) {
            long left = Duration.between(time, b.end()).toSeconds();
            return left < 1
                    ? new Outcome.Refused(Reason.NOT_LEASABLE)
                    : bind(m, b, Duration.ofSeconds(left), b.end(), by);
        }
        if (!held) {
            boolean lapsedOfAnother =
                    (b.state() == BindingState.EXPIRED || b.state() == BindingState.RELEASED) && !b.isOf(c.id());
            Reservation r = NaivePlan.reservation(n, m.address());
            boolean keptForAnother = b.state() == BindingState.RESERVED && (r == null || !r.isFor(c));
            boolean taken = b.state() == BindingState.ACTIVE || b.state() == BindingState.ESCROWED;
            if (taken || lapsedOfAnother || keptForAnother || offeredElsewhere(b, c)) {
                return new Outcome.Refused(Reason.TAKEN);
            }
            if (b.state() == BindingState.ABANDONED) {
                return new Outcome.Refused(Reason.ABANDONED);
            }
            if (!leasable) {
                return not;
            }
            if (r == null && !NaiveClasses.room(this, c)) {
                return new Outcome.Refused(Reason.CLASS_FULL);
            }
            if (reboot && b.state() == BindingState.FREE && !b.isOf(c.id()) && !offeredTo(b, c)) {
                return new Outcome.NotKnown();
            }
        }
        Duration lease = NaivePlan.lease(this, n, m.address(), c, m.wantedTime());
        Instant end = time.plus(lease);
        end = b.isOf(c.id()) && b.end().isAfter(end) ? b.end() : end;
        return bind(m, b, lease, end, by);
    }

    private Outcome bind(LeaseCommand.CommitLease m, Binding b, Duration lease, Instant end, ServerId by) {
        LeaseClient c = m.client();
        boolean active = b.state() == BindingState.ACTIVE;
        boolean known = b.isOf(c.id());
        Offer offer = b.offer();
        Offer ours = offer != null && offer.client().id().equals(c.id()) ? offer : null;
        LeaseClient earlier = ours != null ? ours.client() : known ? b.client() : null;
        ServerId served = ours != null ? ours.server() : known ? b.server() : null;
        boolean bypassed = c.relay().isUnspecified() && c.relayInformation().isEmpty();
        LeaseClient holder = bypassed && earlier != null
                ? new LeaseClient(
                        c.id(), c.hardware(), c.hostname(), earlier.relayInformation(), earlier.relay(), c.classes())
                : c;
        SiteId here = NaivePlan.site(config(), by);
        SiteId there = served == null ? null : NaivePlan.site(config(), served);
        boolean moved = here != null && there != null && !here.equals(there);
        int moves = moved ? Math.min(255, 1 + (known ? b.siteMoves() : 0)) : 0;
        bindings.put(
                b.address(),
                new Binding(
                        b.address(),
                        BindingState.ACTIVE,
                        new LogIndex(index),
                        holder,
                        active ? b.start() : time,
                        end,
                        b.gate().equals(Binding.TIME_MAX) ? Binding.TIME_MAX : Instant.EPOCH,
                        time,
                        by,
                        moves,
                        0,
                        null));
        for (Binding o : List.copyOf(bindings.values())) {
            if (o.offer() != null && o.offer().client().id().equals(c.id())) {
                dropOffer(o);
            }
        }
        return new Outcome.Bound(b.address(), lease, end, new LogIndex(index), moves);
    }

    private Outcome expire(int most, long reported) {
        long settled = Math.min(reported, index - 1);
        alone.settle(settled);
        List<Binding> lapsed = bindings.values().stream()
                .filter(b -> !lapse(b).isAfter(time))
                .sorted(Comparator.<Binding, Instant>comparing(NaiveCell::lapse).thenComparing(Binding::address))
                .limit(most)
                .toList();
        lapsed.forEach(this::dropOffer);
        if (config == null) {
            return new Outcome.Done(lapsed.size());
        }
        List<Binding> due = bindings.values().stream()
                .filter(b -> !due(b).isAfter(time))
                .filter(b -> !waits(b) || b.index().value() != index)
                .sorted(Comparator.<Binding, Instant>comparing(this::due).thenComparing(Binding::address))
                .limit(most - lapsed.size())
                .toList();
        for (Binding b : due) {
            if (b.state() == BindingState.ACTIVE) {
                put(b, BindingState.EXPIRED, b.client(), b.start(), b.end(), closing(b), 0, b.offer());
            } else {
                free(b);
            }
        }
        List<Binding> heard = bindings.values().stream()
                .filter(b ->
                        waits(b) && !b.gate().equals(Instant.EPOCH) && b.index().value() <= settled)
                .sorted(Comparator.comparing(Binding::index).thenComparing(Binding::address))
                .limit(most - lapsed.size() - due.size())
                .toList();
        for (Binding b : heard) {
            if (b.state() == BindingState.ABANDONED && time.isBefore(b.end())) {
                bindings.put(b.address(), alone.gated(b, b.end(), Instant.EPOCH));
            } else {
                free(b);
            }
        }
        return new Outcome.Done(lapsed.size() + due.size() + heard.size());
    }

    static boolean waits(Binding b) {
        return switch (b.state()) {
            case EXPIRED, RELEASED, ABANDONED -> true;
            case FREE, ACTIVE, ESCROWED, RESERVED -> false;
        };
    }

    void free(Binding b) {
        LeaseClient client = b.state() == BindingState.ABANDONED ? null : b.client();
        boolean kept = alone.reservation(b.address()) != null;
        long sequence = kept && b.state() != BindingState.ESCROWED ? 0 : ++idle;
        BindingState to = kept ? BindingState.RESERVED : BindingState.FREE;
        put(b, to, client, Instant.EPOCH, Instant.EPOCH, Instant.EPOCH, kept ? 0 : sequence, b.offer());
    }

    private Instant due(Binding b) {
        return switch (b.state()) {
            case ACTIVE -> b.end().plus(twoSkews()).plusMillis(1);
            case ESCROWED -> {
                Instant end = b.end().plus(twoSkews()).plusMillis(1);
                Instant down = alone.over(b.server()).plusMillis(1);
                yield down.isBefore(end) ? down : end;
            }
            case EXPIRED, RELEASED -> opens(b);
            case ABANDONED -> max(b.end(), opens(b));
            default -> Instant.MAX;
        };
    }

    private static Instant opens(Binding b) {
        return b.gate().equals(Binding.TIME_MAX)
                ? Instant.MAX
                : b.gate().equals(Instant.EPOCH) ? Instant.EPOCH : b.gate().plusMillis(1);
    }

    private static Instant lapse(Binding b) {
        Offer offer = b.offer();
        return offer == null ? Instant.MAX : offer.until();
    }
}
