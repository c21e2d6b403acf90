package org.anylease.chaos.invariant;

import java.time.Instant;
import java.util.TreeSet;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome;

/**
 * Once faults are over, everything heals by itself: all that was promised alone is committed, and nothing waits for a
 * report any more. A double promise is on record only where an operator vouched for what was not so, or a disk was lost.
 */
public final class Healed implements Invariant {
    private final TreeSet<ServerId> excused = new TreeSet<>();

    /** Nothing was wrong. */
    public Healed() {}

    @Override
    public String name() {
        return "Healed";
    }

    @Override
    public void on(Fact fact, Instant now) {
        if (fact instanceof Fact.VouchedFalsely(ServerId server)) {
            excused.add(server);
        } else if (fact instanceof Fact.Committed entry) {
            for (Fact.Carried carried : entry.carried()) {
                boolean conflict = carried.outcome() instanceof Outcome.Merged(var result)
                        && result == Outcome.Merged.Result.CONFLICT;
                if (conflict && excused.isEmpty() && carried.command() instanceof LeaseCommand.CommitPromise promise) {
                    throw new InvariantBroken(
                            name(),
                            "entry " + entry.index() + " found that " + promise.address()
                                    + " was promised twice, though nobody vouched for what was not so: " + promise);
                }
            }
        }
    }

    @Override
    public void atTheEnd(Ending ending) {
        for (Ending.CopyAtEnd copy : ending.copies()) {
            if (copy.pending() > 0) {
                throw new InvariantBroken(
                        name(),
                        copy.server() + " has " + copy.pending() + " promises of cell " + copy.cell()
                                + " in its journal that are not committed, long after all was healed");
            }
        }
        for (Ending.CellAtEnd cell : ending.cells()) {
            if (cell.waitingSince() != null && cell.waitingSince().value() <= cell.committed()) {
                throw new InvariantBroken(
                        name(),
                        "in cell " + cell.cell() + " something waits for reports since entry " + cell.waitingSince()
                                + ", long after all was healed");
            }
        }
    }
}
