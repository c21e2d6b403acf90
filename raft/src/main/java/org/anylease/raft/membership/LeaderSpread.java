package org.anylease.raft.membership;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;

/** Spreads the leaders of several cells over the servers. Pure: every server that knows the same answers the same. */
public final class LeaderSpread {
    private LeaderSpread() {}

    /**
     * Who should take over which cell.
     *
     * @param cell the cell
     * @param to the server that should lead it
     */
    public record Move(CellId cell, ServerId to) {}

    /**
     * A cell that a server should hand over, because it leads at least two more than a voter that could.
     *
     * @param self the server
     * @param leaders the leader of each cell, as far as known
     * @param healthy for each cell that the server leads, the other voters that are well
     * @return the move, if one would help
     */
    public static Optional<Move> next(
            ServerId self, SortedMap<CellId, ServerId> leaders, SortedMap<CellId, List<ServerId>> healthy) {
        TreeMap<ServerId, Integer> led = new TreeMap<>();
        leaders.values().forEach(leader -> led.merge(leader, 1, Integer::sum));
        int own = led.getOrDefault(self, 0);
        Move best = null;
        int fewest = own - 1;
        for (Map.Entry<CellId, List<ServerId>> cell : healthy.entrySet()) {
            for (ServerId voter : cell.getValue()) {
                int theirs = led.getOrDefault(voter, 0);
                if (theirs < fewest) {
                    fewest = theirs;
                    best = new Move(cell.getKey(), voter);
                }
            }
        }
        return Optional.ofNullable(best);
    }
}
