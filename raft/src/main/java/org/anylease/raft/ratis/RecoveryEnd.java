package org.anylease.raft.ratis;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.anylease.raft.disk.DataDirectory;
import org.anylease.raft.disk.RecoveryMark;
import org.anylease.raft.event.RaftEvent;
import org.anylease.raft.event.RaftEventListener;
import org.anylease.raft.loop.ServerLoop;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.replication.Proposal;

/**
 * Ends a recovery: sees to it that the first command of the new epoch is RecoverCell, whenever it commits, and that the
 * old epoch's log goes. A server that comes back empty must not replay it: on the way it would find itself among the
 * old epoch's voters, and two of them could elect a leader without this server. Until then the cell commits nothing
 * else, and nobody is taken in.
 */
final class RecoveryEnd {
    private static final Duration AGAIN = Duration.ofMillis(100);

    private final ServerId self;
    private final DataDirectory data;
    private final RatisNode node;
    private final ServerLoop loop;
    private final Map<CellId, Cell> cells;
    private final RaftEventListener events;

    RecoveryEnd(
            ServerId self,
            DataDirectory data,
            RatisNode node,
            ServerLoop loop,
            Map<CellId, Cell> cells,
            RaftEventListener events) {
        this.self = self;
        this.data = data;
        this.node = node;
        this.loop = loop;
        this.cells = cells;
        this.events = events;
    }

    /** Begins with it. Blocks for a moment; not on the loop. */
    void of(CellId id, RecoveryMark mark) throws IOException {
        Cell cell = cells.get(id);
        if (cell == null || mark.epoch() != data.epoch(id)) {
            throw new IOException("a recovery of cell " + id
                    + " was begun on this server and not finished; stop it, and" + " recover the cell once more");
        }
        loop.perform(() -> {
            cell.pipeline().recover(true);
            propose(cell, mark);
        });
    }

    private void propose(Cell cell, RecoveryMark mark) {
        cell.pipeline().propose(new LeaseCommand.RecoverCell(self, mark.author()), null, proposal -> {
            if (proposal instanceof Proposal.Committed) {
                dropOldLog(cell, mark);
            } else if (!(proposal instanceof Proposal.Rejected(var reason)
                    && reason == Proposal.Rejected.Reason.CLOSED)) {
                loop.after(AGAIN, () -> propose(cell, mark));
            }
        });
    }

    /** The segment of the new term is not touched, but begins with it. */
    private void dropOldLog(Cell cell, RecoveryMark mark) {
        var _ = cell.replica()
                .snapshot()
                .thenCompose(index -> node.purge(cell.id(), index))
                .whenComplete((purged, failure) -> loop.execute(() -> {
                    if (failure == null) {
                        cell.pipeline().recover(false);
                        events.heard(new RaftEvent.CellRecovered(cell.id(), mark.epoch(), mark.author()));
                        Thread.startVirtualThread(() -> end(cell.id()));
                    } else if (cell.replica().failure() == null) {
                        // Said by an event already, when it was the snapshot.
                        loop.after(AGAIN, () -> dropOldLog(cell, mark));
                    }
                }));
    }

    private void end(CellId id) {
        try {
            data.endRecovery(id);
        } catch (IOException e) {
            loop.run(() -> {
                throw new IllegalStateException("the mark of the recovery of cell " + id + " could not be deleted", e);
            });
        }
    }
}
