package org.anylease.raft.membership;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.anylease.store.cell.CellId;

/**
 * A cell's Raft group.
 *
 * @param cell the cell
 * @param id the group's id, the same on every server: it follows from the names of cluster and cell, and the epoch
 */
public record CellGroup(CellId cell, UUID id) {
    /**
     * The group of a cell.
     *
     * @param cluster the cluster's name
     * @param cell the cell
     * @return its group
     */
    public static CellGroup of(String cluster, CellId cell) {
        return of(cluster, cell, 0);
    }

    /**
     * The group of a cell in one of its epochs: with each recovery from a lost majority a new one begins, so that servers
     * of the old one cannot take part in it.
     *
     * @param cluster the cluster's name
     * @param cell the cell
     * @param epoch how many times the cell was recovered
     * @return its group
     */
    public static CellGroup of(String cluster, CellId cell, long epoch) {
        String name = "anylease/" + cluster + "/" + cell.name() + (epoch == 0 ? "" : "/" + epoch);
        return new CellGroup(cell, UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)));
    }
}
