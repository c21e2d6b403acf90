package org.anylease.raft.membership;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.anylease.store.cell.CellId;

/**
 * A cell's Raft group.
 *
 * @param cell the cell
 * @param id the group's id, the same on every server: it follows from the names of cluster and cell
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
        String name = "anylease/" + cluster + "/" + cell.name();
        return new CellGroup(cell, UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)));
    }
}
