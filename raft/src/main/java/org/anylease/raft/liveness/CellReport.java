package org.anylease.raft.liveness;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.state.LeaseDigest;

/**
 * What the replicas of a cell say, gathered by one server.
 *
 * @param cell the cell
 * @param replicas the answers, in order of server
 * @param silent the voters without an answer, and why
 */
public record CellReport(CellId cell, List<ReplicaReport> replicas, SortedMap<ServerId, String> silent) {
    /** Copies list and map. */
    public CellReport {
        replicas = List.copyOf(replicas);
        silent = new TreeMap<>(silent);
    }

    /**
     * Compares the digests of replicas that stand at one index (I4 ReplicasAgree). Replicas that moved while they
     * were asked cannot be compared; ask again.
     *
     * @return whether all digests at equal index are equal
     */
    public boolean replicasAgree() {
        Map<LogIndex, LeaseDigest> seen = new TreeMap<>();
        for (ReplicaReport replica : replicas) {
            LeaseDigest other = seen.putIfAbsent(replica.applied(), replica.digest());
            if (other != null && !other.equals(replica.digest())) {
                return false;
            }
        }
        return true;
    }
}
