package org.anylease.server.core;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.Incarnation;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.Batch;
import org.anylease.store.command.Entry;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.config.CellConfig;
import org.anylease.store.replication.Proposal;
import org.anylease.store.state.LeaseTable;

/** A cell's log, and its state at the leader: commands are entries at once, each in one of its own. */
final class SharedCell {
    private final LeaseTable leader = new LeaseTable(Configs.CELL);
    private final List<Entry> entries = new ArrayList<>();
    private long sequence;

    LeaseTable leader() {
        return leader;
    }

    int length() {
        return entries.size();
    }

    void configure(CellConfig config, Instant now) {
        long basedOn = leader.config().map(CellConfig::version).orElse(0L);
        commit(new ServerId("a"), new LeaseCommand.ApplyConfig(config, basedOn, "test", Octets.EMPTY), now);
    }

    Proposal.Committed commit(ServerId proposer, LeaseCommand command, Instant now) {
        Entry entry = new Entry(now, List.of(new Batch(new Incarnation(proposer, 1), ++sequence, List.of(command))));
        entries.add(entry);
        LogIndex index = new LogIndex(entries.size());
        var applied = leader.apply(index, entry);
        return new Proposal.Committed(
                index, applied.batches().getFirst().outcomes().getFirst());
    }

    /** Brings a copy up to date. */
    void replay(LeaseTable copy) {
        for (long next = copy.appliedIndex().value() + 1; next <= entries.size(); next++) {
            copy.apply(new LogIndex(next), entries.get((int) next - 1));
        }
    }
}
