package org.anylease.raft.ratis;

import java.util.List;
import org.anylease.raft.liveness.QuorumWatch;
import org.anylease.raft.proposal.CellPipeline;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;

/** The parts of one cell on this server. Fields are confined to the loop but where their types say otherwise. */
record Cell(
        CellId id,
        List<ServerId> voters,
        CellReplica replica,
        StateWriter writer,
        SnapshotDirectory snapshots,
        CellPipeline pipeline,
        QuorumWatch watch) {}
