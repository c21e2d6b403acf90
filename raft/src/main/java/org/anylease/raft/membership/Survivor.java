package org.anylease.raft.membership;

import java.util.List;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;

/**
 * What a stopped server has of a cell, to find the most advanced one: that of the highest epoch, among those the one of
 * the highest last term, among those the one with the last entry furthest.
 *
 * @param cell the cell
 * @param server the server
 * @param epoch how many times the cell was recovered before
 * @param lastTerm the term of the last entry
 * @param lastEntry the last entry that it has
 * @param voters the voters, as far as it knows
 */
public record Survivor(
        CellId cell, ServerId server, long epoch, long lastTerm, LogIndex lastEntry, List<ServerId> voters)
        implements Comparable<Survivor> {
    /** Copies the list. */
    public Survivor {
        voters = List.copyOf(voters);
    }

    @Override
    public int compareTo(Survivor other) {
        int byEpoch = Long.compare(epoch, other.epoch);
        int byTerm = Long.compare(lastTerm, other.lastTerm);
        return byEpoch != 0 ? byEpoch : byTerm != 0 ? byTerm : lastEntry.compareTo(other.lastEntry);
    }
}
