package org.anylease.raft.ratis;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.anylease.raft.link.PeerLinks;
import org.anylease.raft.liveness.CellReport;
import org.anylease.raft.liveness.ReplicaReport;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.codec.UnreadableException;
import org.anylease.store.replication.QuorumState;

/** Gathers what the voters of a cell say of their copies, and says it of this server's. Confined to the loop. */
final class CellReports {
    private static final String REPORT = "raft.report";
    private static final Duration REPORT_TIMEOUT = Duration.ofSeconds(2);

    private final ServerId self;
    private final RatisNode node;
    private final PeerLinks links;
    private final Map<CellId, Cell> cells;

    CellReports(ServerId self, RatisNode node, PeerLinks links, Map<CellId, Cell> cells) {
        this.self = self;
        this.node = node;
        this.links = links;
        this.cells = cells;
    }

    /** From now on it answers those who gather. */
    void handle() {
        links.handle(REPORT, (from, body) -> reportHere(body));
    }

    /** Asks every voter, this server among them; completes within two seconds. */
    CompletionStage<CellReport> gather(CellId cell, List<ServerId> voters) {
        Map<ServerId, ReplicaReport> answers = new TreeMap<>();
        TreeMap<ServerId, String> silent = new TreeMap<>();
        List<CompletableFuture<?>> asked = new ArrayList<>();
        byte[] question = cell.name().getBytes(StandardCharsets.US_ASCII);
        for (ServerId voter : voters) {
            asked.add(links.call(voter, REPORT, question, REPORT_TIMEOUT)
                    .handle((answer, failure) -> {
                        try {
                            if (failure != null) {
                                silent.put(voter, RatisNode.deepest(failure));
                            } else {
                                answers.put(voter, ReplicaReport.decode(answer));
                            }
                        } catch (UnreadableException e) {
                            silent.put(voter, RatisNode.deepest(e));
                        }
                        return voter;
                    })
                    .toCompletableFuture());
        }
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .thenApply(done -> new CellReport(cell, List.copyOf(answers.values()), silent));
    }

    private CompletionStage<byte[]> reportHere(byte[] question) {
        try {
            CellId id = new CellId(new String(question, StandardCharsets.US_ASCII));
            Cell cell = cells.get(id);
            if (cell == null) {
                throw new IOException("server " + self + " has no copy of cell " + id);
            }
            GroupReading.LogState log = node.logState(id, cell.snapshots().latestIndex());
            Throwable failure = cell.replica().failure();
            QuorumState quorum = cell.watch().state();
            return CompletableFuture.completedFuture(new ReplicaReport(
                            id,
                            self,
                            quorum.leader(),
                            self.equals(quorum.leader()),
                            quorum.reachable(),
                            log.term(),
                            log.committed(),
                            cell.replica().appliedIndex(),
                            cell.replica().table().digest(),
                            log.first(),
                            log.last(),
                            log.snapshot(),
                            log.contactMillis(),
                            failure == null ? null : RatisNode.deepest(failure),
                            log.followers())
                    .encode());
        } catch (IOException | IllegalArgumentException | IllegalStateException e) {
            // Ratis says the last of a log that it is just closing, as that of a voter that lost its disk and leaves.
            return CompletableFuture.failedFuture(e);
        }
    }
}
