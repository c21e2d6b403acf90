package org.anylease.store.state;

import java.time.Instant;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.Reservation;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.LeaseClient;
import org.anylease.store.lease.Offer;

/** What operators do to a {@link NaiveCell}: configurations and restored bindings. */
final class NaiveEdits {
    private NaiveEdits() {}

    static Outcome restore(NaiveCell cell, LeaseCommand.RestoreBindings r) {
        int changed = 0;
        for (Binding g : r.bindings()) {
            Binding b = cell.get(g.address());
            LeaseClient c = g.client();
            boolean same = c != null && b.isOf(c.id());
            Reservation kept = cell.config == null ? null : cell.alone.reservation(g.address());
            boolean active = g.state() == BindingState.ACTIVE;
            boolean free = g.state() == BindingState.FREE;
            boolean welcome = cell.config != null
                    && g.state() != BindingState.ESCROWED
                    && g.state() != BindingState.RESERVED
                    && !b.lastSeen().isAfter(g.lastSeen())
                    && switch (b.state()) {
                        case ABANDONED, ESCROWED -> false;
                        case ACTIVE, EXPIRED, RELEASED -> same && active;
                        case RESERVED ->
                            g.state() == BindingState.ABANDONED
                                    || (!free && c != null && kept != null && kept.isFor(c));
                        case FREE -> cell.offer(b) == null;
                    };
            if (welcome) {
                changed++;
                cell.bindings.put(g.address(), restored(cell, g, b, free && kept != null));
            }
        }
        return new Outcome.Done(changed);
    }

    private static Binding restored(NaiveCell cell, Binding g, Binding b, boolean reserved) {
        boolean active = g.state() == BindingState.ACTIVE;
        boolean free = g.state() == BindingState.FREE;
        boolean held = b.state() != BindingState.FREE && b.state() != BindingState.RESERVED;
        Instant gate = active || free ? Instant.EPOCH : g.gate();
        if (held ? b.gate().equals(Binding.TIME_MAX) : !active && b.state() == BindingState.RESERVED) {
            gate = Binding.TIME_MAX;
        }
        long sequence = free ? ++cell.idle : 0;
        return new Binding(
                g.address(),
                reserved ? BindingState.RESERVED : g.state(),
                new LogIndex(cell.index),
                g.client(),
                reserved ? Instant.EPOCH : b.state() == BindingState.ACTIVE ? b.start() : g.start(),
                reserved ? Instant.EPOCH : held ? NaiveCell.max(b.end(), g.end()) : g.end(),
                reserved ? Instant.EPOCH : gate,
                g.lastSeen(),
                g.client() == null && reserved ? null : g.server(),
                g.client() == null && reserved ? 0 : g.siteMoves(),
                reserved ? 0 : sequence,
                null);
    }

    static Outcome configure(NaiveCell cell, LeaseCommand.ApplyConfig a) {
        CellConfig before = cell.config;
        long inForce = before == null ? 0 : before.version();
        if (a.basedOn() != inForce || a.config().version() != inForce + 1) {
            return new Outcome.Superseded(inForce);
        }
        cell.alone.supersede(before, a.config());
        cell.config = a.config();
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
        return new Outcome.Done(changed);
    }
}
