package org.anylease.chaos.sim;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.Incarnation;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.codec.EntryCodec;
import org.anylease.store.codec.UnreadableException;
import org.anylease.store.command.Batch;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome;
import org.anylease.store.replication.LeaseLog;
import org.anylease.store.replication.Proposal;
import org.anylease.store.replication.QuorumState;
import org.anylease.store.state.Applied;
import org.anylease.store.state.LeaseTable;
import org.jspecify.annotations.Nullable;

/**
 * A server's end of the simulated logs: gathers commands into batches, sends them to whom it believes to lead, again
 * and again until an answer or the deadline comes. Batches and answers travel encoded, and get lost, late and doubled.
 */
final class SimulatedLeaseLog implements LeaseLog, SimulatedRaft.Member {
    static final Duration DEADLINE = Duration.ofSeconds(3);
    static final int PENDING_MAX = 1024;

    private static final Duration RETRY = Duration.ofMillis(300);
    private static final Duration STRAGGLING_MAX = Duration.ofSeconds(5);

    private final ServerDisk disk;
    private final World world;
    private final SortedMap<CellId, SimulatedRaft> rafts;
    private final Duration skew;
    private final RandomGenerator random;
    private final TreeMap<CellId, Outbox> outboxes = new TreeMap<>();
    private final TreeMap<CellId, QuorumState> quorums = new TreeMap<>();
    private @Nullable Observer observer;
    private Consumer<Duration> compared = _ -> {};
    private boolean closed;

    /** What waits for one cell. */
    private static final class Outbox {
        private final List<Waiting> gathering = new ArrayList<>();
        private final TreeMap<Long, Sent> sent = new TreeMap<>();
        private int pending;
    }

    private record Waiting(LeaseCommand command, @Nullable Instant validUntil, ProposalListener listener) {}

    private static final class Sent {
        private final byte[] batch;
        private final List<Waiting> waiting;
        private int times;

        Sent(byte[] batch, List<Waiting> waiting) {
            this.batch = batch;
            this.waiting = waiting;
        }
    }

    SimulatedLeaseLog(ServerDisk disk, SortedMap<CellId, SimulatedRaft> rafts, Duration skew, World world) {
        this.disk = disk;
        this.world = world;
        this.rafts = rafts;
        this.skew = skew;
        random = world.dice().fork("log " + disk.incarnation() + " " + disk.starts());
        for (CellId cell : rafts.keySet()) {
            outboxes.put(cell, new Outbox());
            quorums.put(cell, new QuorumState(null, false, world.clock(server())));
        }
    }

    private ServerId server() {
        return disk.incarnation().server();
    }

    /** Tells whoever is interested how far this server's clock is from a leader's, whenever it hears of one. */
    void compare(Consumer<Duration> listener) {
        compared = listener;
    }

    @Override
    public LogIndex reported(CellId cell) {
        return disk.journal().load(cell).reported();
    }

    @Override
    public void clockCompared(Duration apart) {
        compared.accept(apart);
    }

    /** Joins the logs; the observer hears that the copies are there. */
    void open() {
        rafts.values().forEach(raft -> raft.start(server(), this));
    }

    /** Ends it, as a crash does: nobody hears anything any more. */
    void close() {
        closed = true;
        outboxes.values().forEach(outbox -> {
            outbox.gathering.clear();
            outbox.sent.clear();
        });
    }

    @Override
    public void propose(CellId cell, LeaseCommand command, @Nullable Instant validUntil, ProposalListener listener) {
        Outbox outbox = outboxes.get(cell);
        if (closed) {
            reject(listener, Proposal.Rejected.Reason.CLOSED);
        } else if (outbox == null) {
            reject(listener, Proposal.Rejected.Reason.NO_SUCH_CELL);
        } else if (outbox.pending >= PENDING_MAX) {
            reject(listener, Proposal.Rejected.Reason.OVERLOADED);
        } else {
            outbox.pending++;
            boolean lasting = validUntil == null;
            if (!outbox.gathering.isEmpty() && (outbox.gathering.getFirst().validUntil == null) != lasting) {
                send(cell, outbox);
            }
            outbox.gathering.add(new Waiting(command, validUntil, listener));
            if (outbox.gathering.size() == 1) {
                Duration gather = Dice.between(random, Duration.ZERO, Duration.ofMillis(1));
                world.queue().after(gather, () -> send(cell, outbox));
            }
        }
    }

    private void reject(ProposalListener listener, Proposal.Rejected.Reason reason) {
        world.queue().after(Duration.ZERO, () -> listener.settled(new Proposal.Rejected(reason)));
    }

    private void send(CellId cell, Outbox outbox) {
        if (closed || outbox.gathering.isEmpty()) {
            return;
        }
        List<Waiting> waiting = new ArrayList<>(outbox.gathering);
        outbox.gathering.clear();
        long sequence = disk.nextSequence(cell);
        List<LeaseCommand> commands = waiting.stream().map(Waiting::command).toList();
        Instant validUntil = waiting.getFirst().validUntil;
        for (Waiting each : waiting) {
            validUntil = validUntil != null && each.validUntil != null && each.validUntil.isAfter(validUntil)
                    ? each.validUntil
                    : validUntil;
        }
        Sent sent = new Sent(
                EntryCodec.encodeBatch(new Batch(disk.incarnation(), sequence, commands, validUntil)), waiting);
        outbox.sent.put(sequence, sent);
        world.queue().after(DEADLINE, () -> settle(outbox, sequence, null));
        transmit(cell, outbox, sequence, sent);
    }

    private void transmit(CellId cell, Outbox outbox, long sequence, Sent sent) {
        if (closed || outbox.sent.get(sequence) != sent) {
            return;
        }
        world.queue().after(RETRY, () -> transmit(cell, outbox, sequence, sent));
        QuorumState quorum = quorums.get(cell);
        ServerId target = quorum == null ? null : quorum.leader();
        if (target == null
                || !world.links().reaches(server(), target)
                || world.links().loses()) {
            return;
        }
        sent.times++;
        Instant said = world.clock(server());
        Duration delay = world.links().delay(server(), target).plus(straggling());
        world.queue().after(delay, () -> arrive(cell, outbox, sequence, sent, target, said));
        if (Dice.chance(random, world.conditions().duplication())) {
            sent.times++;
            world.queue().after(delay.plus(straggling()), () -> arrive(cell, outbox, sequence, sent, target, said));
        }
    }

    private Duration straggling() {
        return Dice.chance(random, world.conditions().straggling())
                ? Dice.between(random, Duration.ZERO, STRAGGLING_MAX)
                : Duration.ZERO;
    }

    /** Runs at the leader. */
    private void arrive(CellId cell, Outbox outbox, long sequence, Sent sent, ServerId target, Instant said) {
        SimulatedRaft raft = rafts.get(cell);
        if (raft == null || !world.links().isUp(target)) {
            return;
        }
        boolean astray = world.tampering().guardsClock()
                && Duration.between(said, world.clock(target)).abs().compareTo(skew) > 0;
        if (!astray) {
            raft.submit(target, sent.batch, (from, index, encoded) -> answer(cell, outbox, from, index, encoded));
        } else if (sent.times == 1) {
            // A batch that was sent before may have been taken then, and must not be called rejected.
            Proposal rejected = new Proposal.Rejected(Proposal.Rejected.Reason.CLOCK_ASTRAY);
            world.queue().after(world.links().delay(target, server()), () -> settle(outbox, sequence, _ -> rejected));
            sent.times++;
        }
    }

    /** The outcomes' way back. */
    private void answer(CellId cell, Outbox outbox, ServerId from, LogIndex index, byte[] encoded) {
        if (world.links().loses()) {
            return;
        }
        world.queue().after(world.links().delay(from, server()).plus(straggling()), () -> {
            if (!closed && world.links().reaches(from, server())) {
                decode(cell, outbox, index, encoded);
            }
        });
    }

    private void decode(CellId cell, Outbox outbox, LogIndex index, byte[] encoded) {
        try {
            var batch = EntryCodec.decodeOutcomes(ByteBuffer.wrap(encoded));
            List<Outcome> outcomes = batch.outcomes();
            settle(outbox, batch.sequence(), position -> new Proposal.Committed(index, outcomes.get(position)));
        } catch (UnreadableException e) {
            throw new IllegalStateException("an answer of cell " + cell + " cannot be read", e);
        }
    }

    /** Tells all who wait for a batch, once; nobody knows what became of it when there is no result. */
    private void settle(Outbox outbox, long sequence, @Nullable Result result) {
        Sent sent = closed ? null : outbox.sent.remove(sequence);
        if (sent == null) {
            return;
        }
        outbox.pending -= sent.waiting.size();
        for (int i = 0; i < sent.waiting.size() && !closed; i++) {
            sent.waiting.get(i).listener.settled(result == null ? new Proposal.Unknown() : result.at(i));
        }
    }

    private interface Result {
        Proposal at(int position);
    }

    @Override
    public List<CellId> cells() {
        return List.copyOf(rafts.keySet());
    }

    @Override
    public LeaseTable table(CellId cell) {
        return raft(cell).replica(server()).table();
    }

    private SimulatedRaft raft(CellId cell) {
        SimulatedRaft raft = rafts.get(cell);
        if (raft == null) {
            throw new IllegalArgumentException(server() + " has no copy of cell " + cell);
        }
        return raft;
    }

    @Override
    public LogIndex durable(CellId cell) {
        return raft(cell).replica(server()).durable();
    }

    @Override
    public QuorumState quorum(CellId cell) {
        QuorumState state = quorums.get(cell);
        if (state == null) {
            throw new IllegalArgumentException(server() + " has no copy of cell " + cell);
        }
        return state;
    }

    @Override
    public void observe(Observer listener) {
        observer = listener;
    }

    @Override
    public void applied(CellId cell, Applied applied) {
        if (observer != null) {
            observer.applied(cell, applied);
        }
    }

    @Override
    public void reloaded(CellId cell) {
        if (observer != null) {
            observer.reloaded(cell);
        }
    }

    @Override
    public void quorum(CellId cell, @Nullable ServerId leader) {
        QuorumState before = quorum(cell);
        boolean reachable = leader != null;
        boolean same = reachable == before.reachable()
                && (leader == null ? before.leader() == null : leader.equals(before.leader()));
        if (!same) {
            QuorumState state = new QuorumState(leader, reachable, world.clock(server()));
            quorums.put(cell, state);
            if (observer != null) {
                observer.quorumChanged(cell, state);
            }
        }
    }

    Incarnation incarnation() {
        return disk.incarnation();
    }
}
