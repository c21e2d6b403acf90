package org.anylease.raft.ratis;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.anylease.raft.clock.ClockListener;
import org.anylease.raft.clock.ClockState;
import org.anylease.raft.liveness.CellVerification;
import org.anylease.raft.liveness.DrainState;
import org.anylease.raft.loop.ServerLoop;
import org.anylease.raft.membership.CellMembership;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.jspecify.annotations.Nullable;

/** What may be asked of a server's cells beyond proposing commands. From any thread. */
public final class CellOperations {
    private final RatisNode node;
    private final ServerLoop loop;
    private final Map<CellId, Cell> cells;
    private final ClockWatch clocks;
    private final Leadership leadership;
    private final CellVerifier verifier;
    private final MembershipDriver membership;

    CellOperations(
            RatisNode node,
            ServerLoop loop,
            Map<CellId, Cell> cells,
            ClockWatch clocks,
            Leadership leadership,
            CellVerifier verifier,
            MembershipDriver membership) {
        this.node = node;
        this.loop = loop;
        this.cells = cells;
        this.clocks = clocks;
        this.leadership = leadership;
        this.verifier = verifier;
        this.membership = membership;
    }

    /**
     * Applies this server's own log again up to an entry that it had applied before it was restarted, without waiting
     * for a leader. The state is stored without a log of its own, so that after a kill it may be older than what the
     * server had applied, and said. Raft alone would apply no further than it has written that entries are committed,
     * which is a little less. An entry that was applied is committed, and in this server's log, durably.
     *
     * @param cell one of {@link RatisLeaseLog#cells()}
     * @param applied the entry that this incarnation of the server has applied once, as its journal says
     * @return completes on the loop when it is applied; with an {@link IOException} when this server's disk does not
     *     hold it, since the disk was rolled back or damaged
     */
    public CompletionStage<@Nullable Void> replay(CellId cell, LogIndex applied) {
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        var _ = node.vouch(cell, applied).whenComplete((nothing, failure) -> {
            if (failure != null) {
                loop.execute(() -> done.completeExceptionally(failure));
            } else {
                loop.execute(() -> awaitApplied(cell, applied, done));
            }
        });
        return done;
    }

    private <T extends @Nullable Object> CompletableFuture<T> onLoop(Supplier<T> task) {
        return loop.inLoop()
                ? CompletableFuture.completedFuture(task.get())
                : CompletableFuture.supplyAsync(task, loop);
    }

    private void awaitApplied(CellId cell, LogIndex upTo, CompletableFuture<@Nullable Void> done) {
        Cell known = cells.get(cell);
        if (known == null) {
            done.completeExceptionally(new IOException("this server has no copy of cell " + cell));
        } else {
            known.replica().whenApplied(upTo, done);
        }
    }

    /**
     * How this server's clock stands in a cell.
     *
     * @param cell one of {@link RatisLeaseLog#cells()}
     * @return the state, on the loop
     */
    public CompletionStage<ClockState> clock(CellId cell) {
        return onLoop(() -> clocks.state(cell));
    }

    /**
     * Registers who hears how this server's clock is judged: at once what holds now, and then every change.
     *
     * @param listener hears it on the loop
     */
    public void onClock(ClockListener listener) {
        loop.execute(() -> clocks.listen(listener));
    }

    /**
     * Hands over every cell that this server leads, and whatever it comes to lead, until it is undrained or started
     * anew. It goes on as a voter, and serves. Asking again changes nothing.
     *
     * @return how far it is, on the loop
     */
    public CompletionStage<DrainState> drain() {
        return onLoop(() -> {
            leadership.drain();
            return leadership.drained().orElseThrow();
        });
    }

    /**
     * Lets this server lead again.
     *
     * @return completes on the loop
     */
    public CompletionStage<@Nullable Void> undrain() {
        return this.<@Nullable Void>onLoop(() -> {
            leadership.undrain();
            return null;
        });
    }

    /**
     * How far this server is drained.
     *
     * @return empty when it is not to be; on the loop
     */
    public CompletionStage<Optional<DrainState>> drained() {
        return onLoop(leadership::drained);
    }

    /**
     * Compares the copies of a cell on all its servers at one and the same entry, in memory and as stored, range of
     * addresses by range. Service goes on.
     *
     * @param cell the cell
     * @return what was found, on the loop; within 40 seconds
     */
    public CompletionStage<CellVerification> verify(CellId cell) {
        return onLoop(() -> verifier.verify(cell)).thenCompose(asked -> asked);
    }

    /**
     * Who takes part in a cell, who is to, and what is being done about it. The leader makes the members that the
     * configuration in force lists the voters of the cell's group, a step at a time: a new one listens until it has
     * caught up, one that is listed no more leaves after its last report, or once it was declared down and waited out.
     *
     * @param cell the cell
     * @return empty when this server has no copy of it; on the loop
     */
    public CompletionStage<Optional<CellMembership>> membership(CellId cell) {
        return onLoop(() -> membership.membership(cell));
    }

    /**
     * Deletes this server's copy of a cell and fetches it anew from the leader, as a server does that is new in the cell.
     * Others go on meanwhile; the promise journal is no part of the copy, and stays.
     *
     * @param cell the cell
     * @return completes when the leader has taken this server out of the group; with an {@link IOException} that says
     *     why not, in which case nothing is done. {@link #membership} tells when it votes again
     */
    public CompletionStage<@Nullable Void> rebuild(CellId cell) {
        return this.onLoop(() -> membership.rebuild(cell)).thenCompose(asked -> asked);
    }

    /**
     * Whether this server has left a cell since it was started; it may be added again.
     *
     * @param cell a cell
     * @return true from then on, until it takes part again; from any thread
     */
    public boolean hasLeft(CellId cell) {
        return membership.hasLeft(cell);
    }
}
