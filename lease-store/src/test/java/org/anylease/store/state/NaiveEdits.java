package org.anylease.store.state;

import java.time.Instant;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.Reservation;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.LeaseClient;
import org.anylease.store.lease.Offer;

/** What configurations do to a {@link NaiveCell}. */
final class NaiveEdits {
    private NaiveEdits() {}

    static Outcome configure(NaiveCell cell, LeaseCommand.ApplyConfig a) {
        CellConfig before = cell.config;
        long inForce = before == null ? 0 : before.version();
        if (a.basedOn() != inForce || a.config().version() <= inForce) {
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
