package org.anylease.raft.ratis;

import org.anylease.raft.liveness.QuorumWatch;
import org.anylease.raft.proposal.CellPipeline;
import org.anylease.store.cell.CellId;

/** The parts of one cell on this server. Fields are confined to the loop but where their types say otherwise. */
record Cell(
        CellId id,
        CellReplica replica,
        StateWriter writer,
        SnapshotDirectory snapshots,
        CellPipeline pipeline,
        QuorumWatch watch) {}
