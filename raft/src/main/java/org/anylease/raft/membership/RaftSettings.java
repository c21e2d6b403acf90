package org.anylease.raft.membership;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.jspecify.annotations.Nullable;

/**
 * What a server needs to know to take part in replication.
 *
 * @param cluster the cluster's name; servers of different clusters refuse each other
 * @param server this server
 * @param dataDirectory where its state lives; one process at a time
 * @param peers all servers of the cluster, this one included
 * @param cells the cells that this server votes in, each with all its voters
 * @param timers the times
 * @param snapshots when snapshots are taken
 * @param tls for mutual TLS, or null for none
 */
public record RaftSettings(
        String cluster,
        ServerId server,
        Path dataDirectory,
        SortedMap<ServerId, Peer> peers,
        SortedMap<CellId, List<ServerId>> cells,
        RaftTimers timers,
        SnapshotPolicy snapshots,
        @Nullable TlsFiles tls) {
    /** Copies the maps, and checks that every voter is a known peer. */
    public RaftSettings {
        if (cluster.isBlank()) {
            throw new IllegalArgumentException("a cluster needs a name");
        }
        peers = Collections.unmodifiableSortedMap(new TreeMap<>(peers));
        TreeMap<CellId, List<ServerId>> copy = new TreeMap<>();
        for (Map.Entry<CellId, List<ServerId>> cell : cells.entrySet()) {
            copy.put(cell.getKey(), cell.getValue().stream().distinct().sorted().toList());
        }
        cells = Collections.unmodifiableSortedMap(copy);
        if (!peers.containsKey(server)) {
            throw new IllegalArgumentException("server " + server + " is not among the peers " + peers.keySet());
        }
        for (Map.Entry<CellId, List<ServerId>> cell : cells.entrySet()) {
            checkVoters(cell.getKey(), cell.getValue(), server, peers);
        }
    }

    private static void checkVoters(
            CellId cell, List<ServerId> voters, ServerId self, SortedMap<ServerId, Peer> peers) {
        if (!voters.contains(self)) {
            throw new IllegalArgumentException("server " + self + " is no voter of cell " + cell + ": " + voters);
        }
        for (ServerId voter : voters) {
            if (!peers.containsKey(voter)) {
                throw new IllegalArgumentException("cell " + cell + " names the voter " + voter
                        + ", which is not among the peers " + peers.keySet());
            }
        }
    }
}
