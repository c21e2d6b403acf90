package org.anylease.store.state;

import org.anylease.store.allocation.AddressPlan;
import org.anylease.store.allocation.NetworkPlan;
import org.anylease.store.codec.ByteWriter;
import org.anylease.store.codec.ConfigCodec;
import org.anylease.store.command.LeaseCommand.ApplyConfig;
import org.anylease.store.command.Outcome;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.ConfigRevision;
import org.anylease.store.config.Reservation;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.LeaseClient;

/**
 * How a configuration comes into force. Leases that it no longer provides for run out; addresses that it keeps for a
 * client are kept as soon as nobody has them; those kept no longer wait for the reuse rule.
 */
final class ConfigRules {
    private final CellState state;
    private final MetaRecords meta;

    ConfigRules(CellState state) {
        this.state = state;
        this.meta = state.meta;
    }

    Outcome apply(ApplyConfig command) {
        CellConfig config = command.config();
        long inForce = inForce();
        // Versions count the operator's changes, not the cell's: a cell may be younger than the cluster, or have missed
        // a change that did not reach it.
        boolean follows = config.version() > inForce;
        if (command.basedOn() != inForce || !follows || !config.cell().equals(state.cell)) {
            return new Outcome.Superseded(inForce);
        }
        AddressPlan before = state.plan().orElse(null);
        AddressPlan next = new AddressPlan(config);
        state.earlierTerms.supersede(before == null ? null : before.config(), config, state.index());
        state.plan(next);
        int changed = (before == null ? 0 : unreserve(before, next)) + reserve(next);
        record(config, new ConfigRevision(config.version(), state.time(), command.author(), command.source()));
        return new Outcome.Done(changed);
    }

    /** What a repeated command is told: whether the revision is in the history. */
    Outcome appliedNow(ApplyConfig command) {
        for (ConfigRevision revision : state.history.revisions()) {
            if (revision.version() == command.config().version()
                    && revision.source().equals(command.source())
                    && revision.author().equals(command.author())) {
                return new Outcome.Done(0);
            }
        }
        return new Outcome.Superseded(inForce());
    }

    private long inForce() {
        return state.plan().map(plan -> plan.config().version()).orElse(0L);
    }

    private int unreserve(AddressPlan before, AddressPlan next) {
        int changed = 0;
        for (NetworkPlan network : before.networks()) {
            for (Reservation reservation : before.reservationsOf(network)) {
                Reservation now = next.reservationAt(reservation.address());
                boolean lost = now == null || !now.key().equals(reservation.key());
                Binding binding = state.bindings.getOrUnused(reservation.address());
                Binding unreserved = lost ? unreserved(binding, reservation) : binding;
                if (!unreserved.equals(binding)) {
                    state.bindings.put(unreserved);
                    changed++;
                }
            }
        }
        return changed;
    }

    /** A server that has not heard of it may promise the address to the reservation's client without end (R4). */
    private Binding unreserved(Binding binding, Reservation lost) {
        LeaseClient last = binding.client();
        return switch (binding.state()) {
            case RESERVED -> binding.unreserve(state.index(), state.time(), last != null && lost.isFor(last));
            case ACTIVE, EXPIRED, RELEASED, ABANDONED -> binding.awaitReports();
            case FREE, ESCROWED -> binding;
        };
    }

    private int reserve(AddressPlan next) {
        int changed = 0;
        for (NetworkPlan network : next.networks()) {
            for (Reservation reservation : next.reservationsOf(network)) {
                Binding binding = state.bindings.getOrUnused(reservation.address());
                if (binding.state() == BindingState.FREE) {
                    boolean own = binding.offer() != null
                            && reservation.isFor(binding.offer().client());
                    Binding kept = binding.reserve(state.index());
                    state.bindings.put(own ? kept : kept.withoutOffer(0));
                    changed++;
                }
            }
        }
        return changed;
    }

    private void record(CellConfig config, ConfigRevision revision) {
        ByteWriter out = new ByteWriter();
        ConfigCodec.encode(config, out);
        meta.put(StoredKeys.config(), out.toArray());
        out.reset();
        ConfigCodec.encode(revision, out);
        meta.put(StoredKeys.revision(revision.version()), out.toArray());
        ConfigRevision dropped = state.history.add(revision);
        if (dropped != null) {
            meta.remove(StoredKeys.revision(dropped.version()));
        }
    }
}
