package org.anylease.raft.membership;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;

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

    /**
     * The voter that should lead when all are well, so that the leaders of several cells spread over the servers.
     *
     * @param voters the cell's voters, sorted
     * @return one of them, the same on every server
     */
    public ServerId preferredLeader(List<ServerId> voters) {
        CRC32 hash = new CRC32();
        hash.update(cell.name().getBytes(StandardCharsets.UTF_8));
        return voters.get((int) (hash.getValue() % voters.size()));
    }
}
