package org.anylease.raft.proposal;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import org.anylease.store.cell.Incarnation;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.codec.EntryCodec;
import org.anylease.store.command.Batch;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome;
import org.anylease.store.replication.LeaseLog.ProposalListener;
import org.anylease.store.replication.Proposal;
import org.jspecify.annotations.Nullable;

/**
 * One server's commands for one cell: those that wait, and the batches under way until they are settled.
 *
 * <p>Confined to the loop. A batch keeps its number and its bytes however often it is sent, so that the cell applies
 * it once.
 */
final class Proposer {
    /** A batch under way. */
    @SuppressWarnings(
            "ArrayRecordComponent") // Handed on and never compared; a copy each way would cost more than it says.
    record InFlight(long sequence, byte[] encoded, List<Waiting> commands) {}

    /**
     * A command, until when it counts, and who waits for it, with the time (of {@link System#nanoTime}) past which it is
     * given up, and with its length where that is not short anyway.
     */
    record Waiting(
            LeaseCommand command,
            @Nullable Instant validUntil,
            ProposalListener listener,
            long deadlineNanos,
            int bytes) {}

    private final Incarnation origin;
    private final ProposalLimits limits;
    private final ArrayDeque<Waiting> pending = new ArrayDeque<>();
    private final LinkedHashMap<Long, InFlight> inFlight = new LinkedHashMap<>();
    private long nextSequence;

    Proposer(Incarnation origin, long firstSequence, ProposalLimits limits) {
        this.origin = origin;
        this.nextSequence = firstSequence;
        this.limits = limits;
    }

    /** The length of a command that may be long: a configuration, bindings to be restored, or reservations. All others are short. */
    static int bytesOf(LeaseCommand command) {
        return switch (command) {
            case LeaseCommand.ApplyConfig _,
                    LeaseCommand.RestoreBindings _,
                    LeaseCommand.ReserveAddresses _,
                    LeaseCommand.UnreserveAddresses _ -> EntryCodec.encodedBytes(command);
            case LeaseCommand.OfferAddress _,
                    LeaseCommand.CommitLease _,
                    LeaseCommand.ReleaseLease _,
                    LeaseCommand.DeclineAddress _,
                    LeaseCommand.CancelOffer _,
                    LeaseCommand.ExpireDue _,
                    LeaseCommand.CommitPromise _,
                    LeaseCommand.GrantEscrow _,
                    LeaseCommand.ReturnEscrow _,
                    LeaseCommand.DeclareDown _,
                    LeaseCommand.UndoDeclareDown _,
                    LeaseCommand.RecoverCell _,
                    LeaseCommand.ClearConflict _,
                    LeaseCommand.NoteDns _ -> 0;
        };
    }

    /** Takes a command in, or says that there is no room. */
    boolean offer(
            LeaseCommand command,
            @Nullable Instant validUntil,
            ProposalListener listener,
            long deadlineNanos,
            int bytes) {
        if (pending.size() >= limits.commandsPending()) {
            return false;
        }
        pending.add(new Waiting(command, validUntil, listener, deadlineNanos, bytes));
        return true;
    }

    int pendingCommands() {
        return pending.size();
    }

    boolean mayTakeBatch() {
        return !pending.isEmpty() && inFlight.size() < limits.batchesInFlight();
    }

    /**
     * Makes the waiting commands a batch, which is under way from now on; a long command goes alone. A batch is as long
     * valid as the one of its commands that is valid longest; those that never become void do not travel with others.
     */
    InFlight takeBatch() {
        int most = Math.min(pending.size(), limits.batchCommands());
        List<Waiting> taken = new ArrayList<>(most);
        List<LeaseCommand> commands = new ArrayList<>(most);
        int bytes = 0;
        boolean lasting = pending.element().validUntil() == null;
        Instant validUntil = null;
        while (taken.size() < most
                && (taken.isEmpty() || bytes + pending.element().bytes() <= limits.entryBytes())
                && (pending.element().validUntil() == null) == lasting) {
            Waiting waiting = pending.remove();
            Instant valid = waiting.validUntil();
            validUntil = validUntil == null || (valid != null && valid.isAfter(validUntil)) ? valid : validUntil;
            taken.add(waiting);
            commands.add(waiting.command());
            bytes += waiting.bytes();
        }
        long sequence = nextSequence++;
        InFlight batch = new InFlight(
                sequence, EntryCodec.encodeBatch(new Batch(origin, sequence, commands, validUntil)), taken);
        inFlight.put(sequence, batch);
        return batch;
    }

    /** The batches under way, in order. */
    Collection<InFlight> inFlight() {
        return List.copyOf(inFlight.values());
    }

    /** Tells the listeners of a batch what became of it; nothing when it was settled or given up before. */
    void settle(long sequence, LogIndex index, List<Outcome> outcomes) {
        InFlight batch = inFlight.remove(sequence);
        if (batch == null) {
            return;
        }
        if (outcomes.size() != batch.commands().size()) {
            throw new IllegalStateException("batch " + origin + "/" + sequence + " has "
                    + batch.commands().size() + " commands, but " + outcomes.size() + " outcomes");
        }
        for (int i = 0; i < outcomes.size(); i++) {
            batch.commands().get(i).listener().settled(new Proposal.Committed(index, outcomes.get(i)));
        }
    }

    /** Tells the listeners of a batch that the leader did not take it. */
    void refuse(long sequence, Proposal refusal) {
        InFlight batch = inFlight.remove(sequence);
        if (batch != null) {
            batch.commands().forEach(waiting -> waiting.listener().settled(refusal));
        }
    }

    /** Gives up what has waited past its deadline. Deadlines grow, so only the oldest need looking at. */
    void expire(long nowNanos) {
        List<Waiting> expired = new ArrayList<>();
        for (Iterator<InFlight> batches = inFlight.values().iterator(); batches.hasNext(); ) {
            InFlight batch = batches.next();
            if (batch.commands().getLast().deadlineNanos() - nowNanos > 0) {
                break;
            }
            batches.remove();
            expired.addAll(batch.commands());
        }
        while (!pending.isEmpty() && pending.element().deadlineNanos() - nowNanos <= 0) {
            expired.add(pending.remove());
        }
        for (Waiting waiting : expired) {
            waiting.listener().settled(new Proposal.Unknown());
        }
    }

    /** Ends everything: what waits was never proposed, what is under way may still commit. */
    void close() {
        List<Waiting> unknown = new ArrayList<>();
        inFlight.values().forEach(batch -> unknown.addAll(batch.commands()));
        List<Waiting> rejected = List.copyOf(pending);
        inFlight.clear();
        pending.clear();
        for (Waiting waiting : unknown) {
            waiting.listener().settled(new Proposal.Unknown());
        }
        for (Waiting waiting : rejected) {
            waiting.listener().settled(new Proposal.Rejected(Proposal.Rejected.Reason.CLOSED));
        }
    }
}
