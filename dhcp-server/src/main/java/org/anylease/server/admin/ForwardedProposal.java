package org.anylease.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.Incarnation;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.codec.EntryCodec;
import org.anylease.store.codec.UnreadableException;
import org.anylease.store.command.Batch;
import org.anylease.store.command.BatchApplied;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.replication.Proposal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A command that one server proposes for another, which has no copy of the cell: the question and its answer. */
final class ForwardedProposal {
    private static final Logger LOG = LoggerFactory.getLogger(ForwardedProposal.class);

    private ForwardedProposal() {}

    static CompletableFuture<Proposal> ask(Cluster cluster, ServerId server, CellId cell, LeaseCommand command) {
        ObjectNode question = Json.object();
        question.put("cell", cell.name());
        question.put("batch", EntryCodec.encodeBatch(new Batch(origin(cluster), 1, List.of(command))));
        return cluster.ask(server, PeerAnswers.PROPOSE, Json.bytes(question)).handle((answer, failure) -> {
            try {
                if (failure == null) {
                    return read(Json.MAPPER.readTree(answer));
                }
                LOG.warn("server {} did not say what became of a command for cell {}", server, cell, failure);
            } catch (IOException e) {
                LOG.warn("server {} answered what cannot be read about a command for cell {}", server, cell, e);
            }
            return new Proposal.Unknown();
        });
    }

    private static Incarnation origin(Cluster cluster) {
        return new Incarnation(cluster.facts().server(), 0);
    }

    /** Proposes for another server, and waits. */
    static byte[] answer(Cluster cluster, JsonNode question) throws IOException {
        CellId cell = new CellId(Json.text(question, "cell"));
        if (cluster.state(cell).isEmpty()) {
            // Else two servers without a copy could ask each other in turn.
            return write(cluster, new Proposal.Rejected(Proposal.Rejected.Reason.NO_SUCH_CELL));
        }
        try {
            Batch batch = EntryCodec.decodeBatch(
                    ByteBuffer.wrap(question.path("batch").binaryValue()));
            return write(
                    cluster, cluster.propose(cell, batch.commands().getFirst()).join());
        } catch (UnreadableException e) {
            throw new IOException("the command cannot be read: " + e.getMessage(), e);
        }
    }

    private static byte[] write(Cluster cluster, Proposal proposal) {
        ObjectNode answer = Json.object();
        switch (proposal) {
            case Proposal.Committed(LogIndex index, var outcome) -> {
                answer.put("index", index.value());
                answer.put(
                        "outcomes", EntryCodec.encodeOutcomes(new BatchApplied(origin(cluster), 1, List.of(outcome))));
            }
            case Proposal.Rejected(var reason) -> answer.put("rejected", reason.name());
            case Proposal.Unknown() -> answer.put("unknown", true);
        }
        return Json.bytes(answer);
    }

    private static Proposal read(JsonNode answer) throws IOException {
        if (answer.has("unknown")) {
            return new Proposal.Unknown();
        }
        try {
            if (answer.has("rejected")) {
                return new Proposal.Rejected(Proposal.Rejected.Reason.valueOf(Json.text(answer, "rejected")));
            }
            BatchApplied applied = EntryCodec.decodeOutcomes(
                    ByteBuffer.wrap(Json.MAPPER.convertValue(answer.path("outcomes"), byte[].class)));
            return new Proposal.Committed(
                    new LogIndex(answer.path("index").asLong()),
                    applied.outcomes().getFirst());
        } catch (UnreadableException | IllegalArgumentException e) {
            throw new IOException("the outcome cannot be read: " + e.getMessage(), e);
        }
    }
}
