package org.anylease.chaos.invariant;

import java.time.Instant;
import java.util.TreeMap;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.state.LeaseDigest;

/** I4 ReplicasAgree: equal applied index, equal digest, on every server, restored ones included. */
public final class I4ReplicasAgree implements Invariant {
    private final TreeMap<CellId, TreeMap<LogIndex, LeaseDigest>> digests = new TreeMap<>();

    /** Nothing was applied. */
    public I4ReplicasAgree() {}

    @Override
    public String name() {
        return "I4 ReplicasAgree";
    }

    @Override
    public void on(Fact fact, Instant now) {
        if (fact instanceof Fact.Committed committed) {
            compare("the log", committed.cell(), committed.index(), committed.digest());
        } else if (fact instanceof Fact.CopyAt(ServerId server, CellId cell, LogIndex index, LeaseDigest digest)) {
            compare(server.name(), cell, index, digest);
        }
    }

    private void compare(String who, CellId cell, LogIndex index, LeaseDigest digest) {
        LeaseDigest known = digests.computeIfAbsent(cell, _ -> new TreeMap<>()).putIfAbsent(index, digest);
        if (known != null && !known.equals(digest)) {
            throw new InvariantBroken(
                    name(),
                    who + " has digest " + digest + " of cell " + cell + " at entry " + index + ", others " + known);
        }
    }

    @Override
    public void atTheEnd(Ending ending) {
        for (Ending.CellAtEnd cell : ending.cells()) {
            for (Ending.CopyAtEnd copy : ending.copies()) {
                if (copy.cell().equals(cell.cell()) && copy.applied() < cell.committed()) {
                    throw new InvariantBroken(
                            name(),
                            copy.server() + " has applied up to entry " + copy.applied() + " of " + cell.committed()
                                    + " of cell " + cell.cell() + " long after all was healed");
                }
            }
        }
    }
}
