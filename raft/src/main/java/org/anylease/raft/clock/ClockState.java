package org.anylease.raft.clock;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;

/**
 * How a server's clock stands in a cell.
 *
 * @param cell the cell
 * @param verdict what it may be used for
 * @param since when the verdict last changed, by this clock
 * @param skew the bound that it is judged by
 * @param peers the other servers' clocks, as far as they were read
 */
public record ClockState(
        CellId cell, ClockVerdict verdict, Instant since, Duration skew, SortedMap<ServerId, PeerClock> peers) {
    /** Copies the map. */
    public ClockState {
        peers = Collections.unmodifiableSortedMap(new TreeMap<>(peers));
    }

    /**
     * Another server's clock.
     *
     * @param ahead how far it is ahead of this server's; negative when it is behind
     * @param uncertainty by how much that may be wrong: half a round trip, and drift since then
     * @param age how long ago it was read
     */
    public record PeerClock(Duration ahead, Duration uncertainty, Duration age) {}
}
