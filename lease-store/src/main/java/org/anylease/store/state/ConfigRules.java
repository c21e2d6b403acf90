package org.anylease.store.state;

import org.anylease.store.allocation.AddressPlan;
import org.anylease.store.codec.ByteWriter;
import org.anylease.store.codec.ConfigCodec;
import org.anylease.store.command.LeaseCommand.ApplyConfig;
import org.anylease.store.command.Outcome;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.ConfigRevision;

/** How a configuration comes into force. Leases that it no longer provides for run out. */
final class ConfigRules {
    private final CellState state;
    private final MetaRecords meta;
    private final PlanChange planChange;

    ConfigRules(CellState state, PlanChange planChange) {
        this.state = state;
        this.planChange = planChange;
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
        state.earlierTerms.supersede(before == null ? null : before.config(), config, state.index());
        int changed = planChange.to(config);
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
