package org.anylease.server.core;

import java.util.List;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.replication.LeaseLog;
import org.anylease.store.replication.QuorumState;
import org.anylease.store.state.LeaseTable;

/**
 * What the service reads of the cells: this server's applied copies, which may lag behind the log. Read-only; read
 * within one input and never kept past it.
 */
public interface CellViews {
    /**
     * The cells of which this server has a copy.
     *
     * @return in order of name
     */
    List<CellId> cells();

    /**
     * This server's copy of a cell.
     *
     * @param cell one of {@link #cells()}
     * @return the applied state
     */
    LeaseTable table(CellId cell);

    /**
     * How far this server's copy survives a crash of it.
     *
     * @param cell one of {@link #cells()}
     * @return at most the applied index
     */
    LogIndex durable(CellId cell);

    /**
     * Whether this server can commit in a cell.
     *
     * @param cell one of {@link #cells()}
     * @return as far as it knows
     */
    QuorumState quorum(CellId cell);

    /**
     * The copies that a log keeps.
     *
     * @param log the log
     * @return a view on them
     */
    static CellViews of(LeaseLog log) {
        return new CellViews() {
            @Override
            public List<CellId> cells() {
                return log.cells();
            }

            @Override
            public LeaseTable table(CellId cell) {
                return log.table(cell);
            }

            @Override
            public LogIndex durable(CellId cell) {
                return log.durable(cell);
            }

            @Override
            public QuorumState quorum(CellId cell) {
                return log.quorum(cell);
            }
        };
    }
}
