package org.anylease.raft.event;

import java.time.Duration;
import org.anylease.raft.clock.ClockDoubt;
import org.anylease.raft.membership.MembershipStep;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.jspecify.annotations.Nullable;

/** Something that an operator may want to know of replication. The names are the stable ids of the events. */
public sealed interface RaftEvent {
    /**
     * This server's replica of a cell has stopped for good: going on could lose or fork what was promised. The
     * server must be restarted once the cause is mended.
     *
     * @param cell the cell
     * @param during what was being done
     * @param cause why it failed
     */
    record CellStopped(CellId cell, String during, Throwable cause) implements RaftEvent {}

    /**
     * A cell has another leader, or none.
     *
     * @param cell the cell
     * @param leader its leader, or null when none is known
     */
    record LeaderChanged(CellId cell, @Nullable ServerId leader) implements RaftEvent {}

    /**
     * The connection to a peer stands.
     *
     * @param peer the peer
     */
    record LinkUp(ServerId peer) implements RaftEvent {}

    /**
     * The connection to a peer broke, or could not be made; it is tried again.
     *
     * @param peer the peer
     * @param reason why
     */
    record LinkDown(ServerId peer, String reason) implements RaftEvent {}

    /**
     * A peer was refused, or refused this server: the two are not of one cluster or not of one version.
     *
     * @param remote the other side, as far as known
     * @param reason what does not fit
     */
    record LinkRefused(String remote, String reason) implements RaftEvent {}

    /**
     * A snapshot was published, and the log before it may go.
     *
     * @param cell the cell
     * @param index the last entry in it
     * @param took how long it took
     */
    record SnapshotTaken(CellId cell, LogIndex index, Duration took) implements RaftEvent {}

    /**
     * A snapshot could not be taken; the log grows until one can.
     *
     * @param cell the cell
     * @param cause why
     */
    record SnapshotFailed(CellId cell, Throwable cause) implements RaftEvent {}

    /**
     * This server's copy was replaced by the leader's snapshot.
     *
     * @param cell the cell
     * @param index the last entry in it
     */
    record SnapshotInstalled(CellId cell, LogIndex index) implements RaftEvent {}

    /**
     * This server takes part in a cell's group from now on.
     *
     * @param cell the cell
     * @param rejoining whether the group had a history that this server has lost or never seen
     */
    record CellJoined(CellId cell, boolean rejoining) implements RaftEvent {}

    /**
     * This server cannot take part in a cell yet.
     *
     * @param cell the cell
     * @param reason what it waits for
     */
    record CellWaits(CellId cell, String reason) implements RaftEvent {}

    /**
     * This server's clock is not trusted in a cell: it promises nothing alone there.
     *
     * @param cell the cell
     * @param doubt why
     * @param others how far the other clocks are ahead of it
     */
    record ClockDoubted(CellId cell, ClockDoubt doubt, String others) implements RaftEvent {}

    /**
     * This server's clock is trusted in a cell, or again.
     *
     * @param cell the cell
     */
    record ClockTrusted(CellId cell) implements RaftEvent {}

    /**
     * A cell's Raft group has changed.
     *
     * @param cell the cell
     * @param step what was done
     */
    record MembershipChanged(CellId cell, MembershipStep step) implements RaftEvent {}

    /**
     * This server is no member of a cell any more, and has deleted its copy.
     *
     * @param cell the cell
     * @param leader who said so
     */
    record CellLeft(CellId cell, ServerId leader) implements RaftEvent {}

    /**
     * A cell was rebuilt from this server, when its majority was gone for good.
     *
     * @param cell the cell
     * @param epoch the epoch that has begun
     * @param author who vouched that the other servers are off
     */
    record CellRecovered(CellId cell, long epoch, String author) implements RaftEvent {}
}
