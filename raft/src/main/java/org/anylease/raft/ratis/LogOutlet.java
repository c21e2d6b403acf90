package org.anylease.raft.ratis;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.anylease.raft.link.PeerLinks;
import org.anylease.raft.loop.ServerLoop;
import org.anylease.raft.membership.RaftTimers;
import org.anylease.raft.proposal.ForwardAnswer;
import org.anylease.raft.proposal.ForwardedBatch;
import org.anylease.raft.proposal.Outlet;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.codec.UnreadableException;
import org.jspecify.annotations.Nullable;

/** The way of entries into this server's log, and of batches to another that leads. Confined to the loop. */
final class LogOutlet implements Outlet {
    static final String PROPOSE = "raft.propose";

    private final Supplier<RatisNode> node;
    private final ServerLoop loop;
    private final PeerLinks links;
    private final RaftTimers timers;

    /** The node is asked for when it is needed: pipelines are made before it is. */
    LogOutlet(Supplier<RatisNode> node, ServerLoop loop, PeerLinks links, RaftTimers timers) {
        this.node = node;
        this.loop = loop;
        this.links = links;
        this.timers = timers;
    }

    @Override
    public CompletionStage<Void> append(CellId cell, byte[] entry) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        var _ = node.get().append(cell, entry).whenComplete((nothing, failure) -> {
            if (loop.inLoop()) {
                finish(done, failure);
            } else {
                loop.execute(() -> finish(done, failure));
            }
        });
        return done;
    }

    private static void finish(CompletableFuture<Void> done, @Nullable Throwable failure) {
        if (failure == null) {
            done.complete(null);
        } else {
            done.completeExceptionally(failure);
        }
    }

    @Override
    public CompletionStage<ForwardAnswer> forward(ServerId leader, ForwardedBatch batch) {
        return links.call(leader, PROPOSE, batch.encode(), timers.proposalDeadline())
                .thenApply(answer -> {
                    try {
                        return ForwardAnswer.decode(answer);
                    } catch (UnreadableException e) {
                        throw new CompletionException(e);
                    }
                });
    }
}
