package org.anylease.raft.proposal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.anylease.raft.loop.ServerLoop;
import org.anylease.raft.membership.RaftTimers;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.Incarnation;
import org.anylease.store.cell.ServerId;
import org.anylease.store.codec.EntryCodec;
import org.anylease.store.command.BatchApplied;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.replication.LeaseLog.ProposalListener;
import org.anylease.store.replication.Proposal;
import org.anylease.store.state.Applied;
import org.jspecify.annotations.Nullable;

/**
 * The way of one cell's commands from this server into the log, and of other servers' batches while this one leads.
 *
 * <p>Confined to the loop. Two gaps keep entries few under load while an idle system answers at once: the first
 * command after a pause leaves immediately; the next waits until the gap since the last one has passed, or until
 * enough have gathered. Whatever fails on its way is sent again, with the same number and in the old order, as soon
 * as there is a route; the cell applies it once.
 */
public final class CellPipeline {
    /** An entry that holds so many commands counts as well filled: some 4,000 commands a second, 1,300 once busy. */
    private static final int BUSY_COMMANDS = 8;

    /** How long to wait before the same route is tried again after a failure. */
    private static final Duration RETRY = Duration.ofMillis(50);

    private record BatchKey(Incarnation origin, long sequence) {}

    /** A batch at the leader, waiting for an entry. */
    @SuppressWarnings(
            "ArrayRecordComponent") // Handed on and never compared; a copy each way would cost more than it says.
    private record Queued(BatchKey key, int commands, byte[] encoded) {}

    private final CellId cell;
    private final ServerLoop loop;
    private final Stamps stamps;
    private final Outlet outlet;
    private final Incarnation self;
    private final ProposalLimits limits;
    private final Proposer proposer;
    private final long deadlineNanos;
    private final long entryGapNanos;
    private final long busyEntryGapNanos;
    private final long batchGapNanos;

    private final ArrayDeque<Queued> queue = new ArrayDeque<>();
    private final Map<BatchKey, CompletableFuture<ForwardAnswer>> answers = new HashMap<>();
    private int queuedCommands;
    private int entriesInFlight;
    private Route route = new Route.Nowhere();
    /** Counts the routes and the retries; what was sent under an older number does not count any more. */
    private long attempt;

    private boolean stalled;
    private long lastSentNanos;
    private boolean busy;
    private boolean pumpScheduled;
    private boolean pumpQueued;
    private boolean closed;
    /** The first command of a new epoch is not committed yet. */
    private boolean recovering;

    /**
     * A pipeline without a route.
     *
     * @param cell the cell
     * @param self this server with its disk
     * @param firstSequence a number that no earlier process of this incarnation used
     * @param loop the server's loop
     * @param stamps stamps entries while this server leads
     * @param outlet how the log is reached
     * @param timers the gaps and the deadline
     * @param limits the bounds
     */
    public CellPipeline(
            CellId cell,
            Incarnation self,
            long firstSequence,
            ServerLoop loop,
            Stamps stamps,
            Outlet outlet,
            RaftTimers timers,
            ProposalLimits limits) {
        this.cell = cell;
        this.self = self;
        this.loop = loop;
        this.stamps = stamps;
        this.outlet = outlet;
        this.limits = limits;
        this.proposer = new Proposer(self, firstSequence, limits);
        this.deadlineNanos = timers.proposalDeadline().toNanos();
        this.entryGapNanos = timers.entryGap().toNanos();
        this.busyEntryGapNanos = timers.busyEntryGap().toNanos();
        this.batchGapNanos = timers.batchGap().toNanos();
        this.lastSentNanos = System.nanoTime() - entryGapNanos - batchGapNanos;
    }

    /**
     * Takes a command in.
     *
     * @param command the command
     * @param validUntil the cell time past which it is void; null for ever
     * @param listener hears once, after this call has returned
     */
    public void propose(LeaseCommand command, @Nullable Instant validUntil, ProposalListener listener) {
        int bytes = Proposer.bytesOf(command);
        if (closed) {
            reject(listener, Proposal.Rejected.Reason.CLOSED);
        } else if (recovering && !(command instanceof LeaseCommand.RecoverCell)) {
            reject(listener, Proposal.Rejected.Reason.OVERLOADED);
        } else if (route instanceof Route.There(ServerId leader) && stamps.isAstray(leader)) {
            reject(listener, Proposal.Rejected.Reason.CLOCK_ASTRAY);
        } else if (bytes > EntryCodec.COMMAND_BYTES_MAX) {
            reject(listener, Proposal.Rejected.Reason.TOO_LARGE);
        } else if (!proposer.offer(command, validUntil, listener, System.nanoTime() + deadlineNanos, bytes)) {
            reject(listener, Proposal.Rejected.Reason.OVERLOADED);
        } else if (!pumpQueued) {
            // Behind what else the loop has in hand, so that the packets of one read share a batch.
            pumpQueued = true;
            loop.execute(() -> {
                pumpQueued = false;
                pump();
            });
        }
    }

    private void reject(ProposalListener listener, Proposal.Rejected.Reason reason) {
        loop.execute(() -> listener.settled(new Proposal.Rejected(reason)));
    }

    /**
     * Takes in another server's batch.
     *
     * @param batch the batch
     * @return the answer, once the batch is applied here or this server ceases to lead
     */
    public CompletionStage<ForwardAnswer> forwarded(ForwardedBatch batch) {
        if (closed || !(route instanceof Route.Here)) {
            return CompletableFuture.completedFuture(new ForwardAnswer.NotLeader());
        }
        if (stamps.isAstray(batch.origin().server())) {
            return CompletableFuture.completedFuture(new ForwardAnswer.ClockAstray());
        }
        BatchKey key = new BatchKey(batch.origin(), batch.sequence());
        CompletableFuture<ForwardAnswer> known = answers.get(key);
        if (known != null) {
            return known;
        }
        CompletableFuture<ForwardAnswer> answer = new CompletableFuture<>();
        answers.put(key, answer);
        enqueue(new Queued(key, batch.commands(), batch.encoded()));
        pump();
        return answer;
    }

    private void enqueue(Queued batch) {
        queue.add(batch);
        queuedCommands += batch.commands();
    }

    /**
     * The way to the leader has changed, or stands again.
     *
     * @param newRoute the way from now on
     */
    public void routeChanged(Route newRoute) {
        if (!closed && (stalled || !newRoute.equals(route))) {
            route = newRoute;
            sendAgain();
        }
    }

    /** Starts over on the present route: whatever was on its way is sent again, in order. */
    private void sendAgain() {
        attempt++;
        stalled = false;
        entriesInFlight = 0;
        if (!(route instanceof Route.Here)) {
            dropQueue();
        } else {
            queue.removeIf(queued -> queued.key().origin().equals(self));
            queuedCommands = queue.stream().mapToInt(Queued::commands).sum();
        }
        for (Proposer.InFlight batch : proposer.inFlight()) {
            switch (route) {
                case Route.Nowhere() -> {}
                case Route.Here() -> enqueue(queuedOf(batch));
                case Route.There there -> forward(there, batch, true);
            }
        }
        pump();
    }

    private Queued queuedOf(Proposer.InFlight batch) {
        return new Queued(new BatchKey(self, batch.sequence()), batch.commands().size(), batch.encoded());
    }

    private void dropQueue() {
        queue.clear();
        queuedCommands = 0;
        List<CompletableFuture<ForwardAnswer>> waiting = List.copyOf(answers.values());
        answers.clear();
        waiting.forEach(answer -> answer.complete(new ForwardAnswer.NotLeader()));
    }

    /** Sends what is due, and sees to it that the rest is looked at when it will be. */
    private void pump() {
        if (closed || stalled) {
            return;
        }
        switch (route) {
            case Route.Nowhere() -> {}
            case Route.Here() -> pumpEntries();
            case Route.There there -> pumpBatches(there);
        }
    }

    private void pumpBatches(Route.There there) {
        while (proposer.mayTakeBatch()) {
            if (isTooSoon(batchGapNanos) && proposer.pendingCommands() < limits.batchCommands()) {
                pumpIn(batchGapNanos);
                return;
            }
            lastSentNanos = System.nanoTime();
            forward(there, proposer.takeBatch(), false);
        }
    }

    private void forward(Route.There there, Proposer.InFlight batch, boolean again) {
        long sentUnder = attempt;
        outlet.forward(
                        there.leader(),
                        new ForwardedBatch(
                                cell, self, batch.sequence(), batch.commands().size(), batch.encoded()))
                .whenComplete(loop.guarded((answer, _) -> {
                    if (answer instanceof ForwardAnswer.Committed(var index, var applied)) {
                        proposer.settle(applied.sequence(), index, applied.outcomes());
                        pump();
                    } else if (answer instanceof ForwardAnswer.ClockAstray) {
                        // One that was sent before may have reached the log of an earlier leader.
                        proposer.refuse(
                                batch.sequence(),
                                again
                                        ? new Proposal.Unknown()
                                        : new Proposal.Rejected(Proposal.Rejected.Reason.CLOCK_ASTRAY));
                        pump();
                    } else if (sentUnder == attempt) {
                        stall();
                    }
                }));
    }

    private void pumpEntries() {
        while (entriesInFlight < limits.entriesInFlight() && (!queue.isEmpty() || proposer.mayTakeBatch())) {
            boolean full = queuedCommands + proposer.pendingCommands() >= limits.entryCommands();
            long gapNanos = busy ? busyEntryGapNanos : entryGapNanos;
            if (!full && isTooSoon(gapNanos)) {
                pumpIn(gapNanos);
                return;
            }
            if (!stamps.mayStamp()) {
                // The next tick looks again, and the leadership is being handed over meanwhile.
                return;
            }
            lastSentNanos = System.nanoTime();
            append(nextEntry());
        }
    }

    private List<Queued> nextEntry() {
        List<Queued> batches = new ArrayList<>();
        int bytes = 0;
        busy = queuedCommands + proposer.pendingCommands() >= BUSY_COMMANDS;
        if (proposer.mayTakeBatch()) {
            enqueue(queuedOf(proposer.takeBatch()));
        }
        while (!queue.isEmpty()
                && (batches.isEmpty() || bytes + queue.element().encoded().length <= limits.entryBytes())) {
            Queued next = queue.remove();
            queuedCommands -= next.commands();
            bytes += next.encoded().length;
            batches.add(next);
        }
        return batches;
    }

    private void append(List<Queued> batches) {
        long sentUnder = attempt;
        entriesInFlight++;
        byte[] entry = EntryCodec.assemble(
                stamps.now(), batches.stream().map(Queued::encoded).toList());
        outlet.append(cell, entry).whenComplete(loop.guarded((_, failure) -> {
            if (sentUnder != attempt) {
                return;
            }
            entriesInFlight--;
            if (failure != null) {
                refuse(batches);
                stall();
            } else {
                pump();
            }
        }));
    }

    /** Answers for batches that did not get into the log, as far as this server knows. */
    private void refuse(List<Queued> batches) {
        for (Queued batch : batches) {
            CompletableFuture<ForwardAnswer> answer = answers.remove(batch.key());
            if (answer != null) {
                answer.complete(new ForwardAnswer.NotLeader());
            }
        }
    }

    /** The route failed: nothing more is sent until it changes or, at the latest, a moment later. */
    private void stall() {
        if (stalled || closed) {
            return;
        }
        stalled = true;
        long stalledUnder = ++attempt;
        loop.after(RETRY, () -> {
            if (stalled && attempt == stalledUnder && !closed) {
                sendAgain();
            }
        });
    }

    private boolean isTooSoon(long gapNanos) {
        return System.nanoTime() - lastSentNanos < gapNanos;
    }

    private void pumpIn(long gapNanos) {
        if (!pumpScheduled) {
            pumpScheduled = true;
            long wait = Math.max(0, lastSentNanos + gapNanos - System.nanoTime());
            loop.after(Duration.ofNanos(wait), () -> {
                pumpScheduled = false;
                pump();
            });
        }
    }

    /**
     * An entry was applied to this server's copy: settles own batches in it, and answers for others'.
     *
     * @param applied what it did
     */
    public void applied(Applied applied) {
        for (BatchApplied batch : applied.batches()) {
            if (batch.origin().equals(self)) {
                proposer.settle(batch.sequence(), applied.index(), batch.outcomes());
            } else if (!answers.isEmpty()) {
                CompletableFuture<ForwardAnswer> answer =
                        answers.remove(new BatchKey(batch.origin(), batch.sequence()));
                if (answer != null) {
                    answer.complete(new ForwardAnswer.Committed(applied.index(), batch));
                }
            }
        }
        pump();
    }

    /**
     * Takes nothing else in until a RecoverCell is committed: it is to be the first command of a new epoch.
     *
     * @param now whether that is so
     */
    public void recover(boolean now) {
        recovering = now;
    }

    /**
     * Whether it takes nothing but a RecoverCell.
     *
     * @return as {@link #recover} was told last
     */
    public boolean isRecovering() {
        return recovering;
    }

    /**
     * How many commands wait here for the cell.
     *
     * @return those not yet in a batch
     */
    public int pendingCommands() {
        return proposer.pendingCommands();
    }

    /** Gives up commands past their deadline; to be called every few milliseconds. */
    public void tick() {
        proposer.expire(System.nanoTime());
        pump();
    }

    /** Ends it: listeners hear that their commands were not proposed, or that their outcome is unknown. */
    public void close() {
        if (!closed) {
            closed = true;
            dropQueue();
            proposer.close();
        }
    }
}
