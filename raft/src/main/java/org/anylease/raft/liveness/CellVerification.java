package org.anylease.raft.liveness;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.anylease.store.address.AddressRange;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.state.LeaseDigest;

/**
 * The copies of a cell, compared at one entry.
 *
 * @param cell the cell
 * @param index the entry: each copy was looked at after exactly this one
 * @param reference the server whose copy the others are compared with: the leader, where it answered
 * @param digests of the whole state, by server
 * @param deviations the servers whose copy is another than the reference's
 * @param silent the servers that did not answer, and why
 */
public record CellVerification(
        CellId cell,
        LogIndex index,
        ServerId reference,
        SortedMap<ServerId, LeaseDigest> digests,
        List<Deviation> deviations,
        SortedMap<ServerId, String> silent) {
    /** Copies maps and list. */
    public CellVerification {
        digests = Collections.unmodifiableSortedMap(new TreeMap<>(digests));
        deviations = List.copyOf(deviations);
        silent = Collections.unmodifiableSortedMap(new TreeMap<>(silent));
    }

    /**
     * How a server's copy is another than the reference's.
     *
     * @param server the server
     * @param ranges the addresses whose stored bindings differ, at most 1,000 ranges
     * @param elsewhere whether what is stored besides bindings differs: time, configuration, exchanges
     * @param inMemory whether its table in memory has another digest
     */
    public record Deviation(ServerId server, List<AddressRange> ranges, boolean elsewhere, boolean inMemory) {
        /** How many ranges are told. */
        public static final int RANGES_MAX = 1000;

        /** Copies the list. */
        public Deviation {
            ranges = List.copyOf(ranges);
        }
    }

    /**
     * I4 ReplicasAgree.
     *
     * @return whether all that answered have the same state
     */
    public boolean agree() {
        return deviations.isEmpty();
    }
}
