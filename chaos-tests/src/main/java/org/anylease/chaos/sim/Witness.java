package org.anylease.chaos.sim;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.anylease.chaos.invariant.Fact;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.codec.EntryCodec;
import org.anylease.store.codec.UnreadableException;
import org.anylease.store.command.Batch;
import org.anylease.store.command.Entry;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome;
import org.anylease.store.lease.Binding;
import org.anylease.store.state.Applied;
import org.anylease.store.state.LeaseTable;
import org.anylease.store.state.StateChanges;
import org.anylease.store.state.StoredKeys;

/** A copy that applies every entry as it is committed, and tells the checkers what it did. */
final class Witness {
    private static final int BINDING_KEY_BYTES = 1 + Integer.BYTES;

    private final CellId cell;
    private final Consumer<Fact> facts;
    private final LeaseTable table;
    private final TreeMap<Ipv4, Binding> bindings = new TreeMap<>();

    Witness(CellId cell, Consumer<Fact> facts) {
        this.cell = cell;
        this.facts = facts;
        table = new LeaseTable(cell);
    }

    LeaseTable table() {
        return table;
    }

    void apply(LogIndex index, byte[] bytes) {
        if (index.compareTo(table.appliedIndex()) <= 0) {
            // Only a log that has forgotten entries writes an index twice; what it committed first is the truth.
            return;
        }
        Entry entry = decoded(bytes);
        Applied applied = table.apply(index, entry);
        List<Fact.Move> moves = new ArrayList<>();
        for (StateChanges.Change change : table.takeChanges().changes()) {
            byte[] key = change.key();
            if (key.length == BINDING_KEY_BYTES && key[0] == StoredKeys.BINDING) {
                Ipv4 address = new Ipv4(ByteBuffer.wrap(key).getInt(1));
                table.binding(address).ifPresent(after -> {
                    moves.add(new Fact.Move(bindings.put(address, after), after));
                });
            }
        }
        List<Fact.Carried> carried = carried(entry, applied);
        facts.accept(new Fact.Committed(cell, index, applied.time(), table.digest(), moves, binds(carried), carried));
    }

    /** The leases that a log commits, read from its beginning into a fresh table. */
    static List<Fact.Bind> history(CellId cell, List<byte[]> log) {
        LeaseTable fresh = new LeaseTable(cell);
        List<Fact.Bind> history = new ArrayList<>();
        for (int i = 0; i < log.size(); i++) {
            Entry entry = decoded(log.get(i));
            history.addAll(binds(carried(entry, fresh.apply(new LogIndex(i + 1), entry))));
        }
        return history;
    }

    private static Entry decoded(byte[] bytes) {
        try {
            return EntryCodec.decodeEntry(ByteBuffer.wrap(bytes));
        } catch (UnreadableException e) {
            throw new IllegalStateException("a committed entry cannot be read", e);
        }
    }

    private static List<Fact.Carried> carried(Entry entry, Applied applied) {
        List<Fact.Carried> carried = new ArrayList<>();
        for (int i = 0; i < applied.batches().size(); i++) {
            Batch batch = entry.batches().get(i);
            List<Outcome> outcomes = applied.batches().get(i).outcomes();
            for (int j = 0; j < batch.commands().size(); j++) {
                carried.add(new Fact.Carried(
                        batch.origin().server(), batch.commands().get(j), outcomes.get(j)));
            }
        }
        return carried;
    }

    private static List<Fact.Bind> binds(List<Fact.Carried> carried) {
        List<Fact.Bind> binds = new ArrayList<>();
        for (Fact.Carried each : carried) {
            if (each.command() instanceof LeaseCommand.CommitLease commit
                    && each.outcome() instanceof Outcome.Bound bound) {
                binds.add(new Fact.Bind(commit.client().id(), bound.address(), bound.expiry()));
            } else if (each.command() instanceof LeaseCommand.CommitPromise promise
                    && each.outcome() instanceof Outcome.Merged) {
                binds.add(new Fact.Bind(promise.client().id(), promise.address(), promise.until()));
            }
        }
        return binds;
    }
}
