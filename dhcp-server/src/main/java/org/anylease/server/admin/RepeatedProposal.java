package org.anylease.server.admin;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.anylease.store.cell.CellId;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.replication.Proposal;
import org.jspecify.annotations.Nullable;

/**
 * A command that is proposed until it commits, with a pause in between, or until patience ends. Only for commands that
 * may be carried out twice.
 */
final class RepeatedProposal {
    /** Between two attempts, in milliseconds; clients' commands go first meanwhile. */
    private static final long PAUSE_MILLIS = 200;

    private RepeatedProposal() {}

    /** Completes with the last attempt's fate. */
    static CompletableFuture<Proposal> propose(Cluster cluster, CellId cell, LeaseCommand command, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        return attempt(cluster, cell, command, deadline);
    }

    private static CompletableFuture<Proposal> attempt(
            Cluster cluster, CellId cell, LeaseCommand command, long deadlineNanos) {
        return cluster.propose(cell, command).thenCompose(proposal -> {
            boolean late = System.nanoTime() - deadlineNanos >= 0;
            if (late || isFinal(proposal)) {
                return CompletableFuture.completedFuture(proposal);
            }
            CompletableFuture<@Nullable Void> pause = new CompletableFuture<@Nullable Void>()
                    .completeOnTimeout(null, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            return pause.thenCompose(_ -> attempt(cluster, cell, command, deadlineNanos));
        });
    }

    private static boolean isFinal(Proposal proposal) {
        return switch (proposal) {
            case Proposal.Committed _ -> true;
            case Proposal.Unknown() -> false;
            case Proposal.Rejected(var reason) ->
                switch (reason) {
                    case CLOSED, TOO_LARGE -> true;
                    case OVERLOADED, NO_SUCH_CELL, CLOCK_ASTRAY -> false;
                };
        };
    }
}
