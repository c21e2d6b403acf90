package org.anylease.chaos.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.codec.EntryCodec;
import org.anylease.store.state.Applied;
import org.jspecify.annotations.Nullable;

/**
 * One cell's replicated log, as what Raft promises rather than as how it keeps it: committed entries are one list that
 * only grows; a leader commits while it reaches a majority; another leader knows every committed entry, and of those in
 * flight a prefix that chance decides. Followers apply late and in bursts, from the log or from a snapshot.
 *
 * <p>Elections are abstracted: a leader that has lost its majority is replaced some heartbeats later, by any server
 * that reaches one. There is never a second leader, since a deposed one could commit nothing.
 */
final class SimulatedRaft {
    static final Duration HEARTBEAT = Duration.ofMillis(400);

    /** How long a server believes in a quorum it no longer hears of. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Duration STRAGGLING_MAX = Duration.ofSeconds(4);
    private static final int ENTRIES_KEPT_MIN = 8;

    private final CellId cell;
    private final Duration skew;
    private final World world;
    private final RandomGenerator random;
    private final Witness witness;
    private final TreeMap<ServerId, Replica> replicas = new TreeMap<>();
    private final TreeMap<ServerId, Member> members = new TreeMap<>();
    private final TreeMap<ServerId, Instant> heard = new TreeMap<>();
    private final TreeMap<ServerId, Long> knownCommitted = new TreeMap<>();
    private final List<byte[]> log = new ArrayList<>();
    private final ArrayDeque<Submission> inbox = new ArrayDeque<>();
    private final ArrayDeque<InFlight> inFlight = new ArrayDeque<>();
    private @Nullable ServerId leader;
    private long term;
    private int firstKept = 1;
    private boolean assembling;
    private int patience;

    /** A server that runs, and hears of its copy. */
    interface Member {
        void applied(CellId cell, Applied applied);

        void reloaded(CellId cell);

        void quorum(CellId cell, @Nullable ServerId leader);

        /** The highest entry that the server has reported, as its disk has it. */
        LogIndex reported(CellId cell);

        /** How far the server's clock is from the leader's; the leader's from most. */
        void clockCompared(Duration apart);
    }

    /** Hears the outcomes of a batch, at the leader. */
    interface Answer {
        void outcomes(ServerId from, LogIndex index, byte[] encoded);
    }

    // A byte array is compared by nobody here.
    @SuppressWarnings("ArrayRecordComponent")
    private record Submission(byte[] batch, Answer answer) {}

    // A byte array is compared by nobody here.
    @SuppressWarnings("ArrayRecordComponent")
    private record InFlight(byte[] entry, List<Submission> submissions) {}

    SimulatedRaft(CellId cell, Collection<ServerId> voters, Duration skew, World world) {
        this.skew = skew;
        this.cell = cell;
        this.world = world;
        random = world.dice().fork("raft " + cell);
        witness = new Witness(cell, world.facts());
        for (ServerId voter : voters) {
            replicas.put(voter, new Replica(cell, voter, world.tampering()));
        }
        world.queue().after(HEARTBEAT, this::heartbeat);
    }

    Witness witness() {
        return witness;
    }

    List<byte[]> log() {
        return log;
    }

    @Nullable
    ServerId leader() {
        return leader;
    }

    Replica replica(ServerId server) {
        Replica replica = replicas.get(server);
        if (replica == null) {
            throw new IllegalArgumentException(server + " has no copy of cell " + cell);
        }
        return replica;
    }

    /**
     * A server starts: it reads its disk, and applies its own log as far as it knows it to be committed, which is at
     * least as far as it has reported.
     */
    void start(ServerId server, Member member) {
        Replica replica = replica(server);
        members.put(server, member);
        replica.restart();
        world.copyAt(server, replica);
        long known = Math.min(knownCommitted.getOrDefault(server, 0L), log.size());
        long surely = Math.max(
                replica.applied().value(), Math.min(known, member.reported(cell).value()));
        long upTo = surely + random.nextLong(Math.max(1, known - surely + 1));
        if (replica.applied().value() + 1 >= firstKept) {
            apply(server, upTo);
        }
        member.reloaded(cell);
    }

    void crash(ServerId server) {
        replica(server).crash();
        members.remove(server);
        heard.remove(server);
        if (server.equals(leader)) {
            leader = null;
            inbox.clear();
        }
    }

    /** A server that is down gets an empty disk. */
    void wipe(ServerId server) {
        replicas.put(server, new Replica(cell, server, world.tampering()));
        knownCommitted.remove(server);
    }

    /** How far a server's clock is from those of most servers: it remembers what it has read of those it cannot reach. */
    private Duration apartFromMost(ServerId server) {
        List<Duration> apart = new ArrayList<>();
        for (ServerId voter : replicas.keySet()) {
            apart.add(world.clocks().apart(server, voter));
        }
        apart.sort(null);
        return apart.isEmpty() ? Duration.ZERO : apart.get(apart.size() / 2);
    }

    /** A leader with a clock of its own stamps nothing, and hands leadership over. */
    private boolean straysAlone(ServerId by) {
        return world.tampering().guardsClock() && apartFromMost(by).compareTo(skew) > 0;
    }

    /** A batch arrives at who is believed to lead. */
    boolean submit(ServerId at, byte[] batch, Answer answer) {
        if (!at.equals(leader)) {
            return false;
        }
        inbox.add(new Submission(batch, answer));
        if (!assembling) {
            assembling = true;
            long assembledIn = term;
            world.queue().after(Dice.between(random, Duration.ZERO, Duration.ofMillis(2)), () -> assemble(assembledIn));
        }
        return true;
    }

    private void assemble(long assembledIn) {
        assembling = false;
        ServerId by = leader;
        if (by == null || assembledIn != term || inbox.isEmpty()) {
            return;
        }
        List<Submission> submissions = new ArrayList<>(inbox);
        inbox.clear();
        if (straysAlone(by)) {
            elect(by);
            return;
        }
        List<byte[]> batches = submissions.stream().map(Submission::batch).toList();
        byte[] entry = world.tampering().replicating(EntryCodec.assemble(world.clock(by), batches));
        inFlight.add(new InFlight(entry, submissions));
        world.queue().after(replication(by), () -> commitInFlight(assembledIn));
    }

    /** How long until a majority has it: the slowest of the fastest half. */
    private Duration replication(ServerId by) {
        List<Duration> delays = new ArrayList<>();
        for (ServerId voter : replicas.keySet()) {
            delays.add(world.links().delay(by, voter).plus(world.links().delay(voter, by)));
        }
        delays.sort(null);
        return delays.get(replicas.size() / 2);
    }

    private void commitInFlight(long inTerm) {
        ServerId by = leader;
        if (by == null || inTerm != term || !world.links().reachesMajority(by, replicas.keySet())) {
            return;
        }
        InFlight next = inFlight.poll();
        if (next != null) {
            commit(by, next);
        }
    }

    private void commit(ServerId by, InFlight entry) {
        log.add(entry.entry);
        LogIndex index = new LogIndex(log.size());
        witness.apply(index, entry.entry);
        long appliedBefore = replica(by).applied().value();
        if (appliedBefore + 1 == index.value()) {
            Applied applied = applyOne(by, index);
            answer(by, applied, entry.submissions);
        }
        for (ServerId follower : replicas.keySet()) {
            if (!follower.equals(by)) {
                Duration lag = Dice.chance(random, world.conditions().straggling())
                        ? Dice.between(random, Duration.ZERO, STRAGGLING_MAX)
                        : Duration.ZERO;
                world.queue().after(world.links().delay(by, follower).plus(lag), () -> follow(follower, index.value()));
            }
        }
        tidy();
    }

    private void answer(ServerId by, Applied applied, List<Submission> submissions) {
        for (int i = 0; i < submissions.size(); i++) {
            byte[] outcomes = EntryCodec.encodeOutcomes(applied.batches().get(i));
            submissions.get(i).answer.outcomes(by, applied.index(), outcomes);
        }
    }

    /** Chance writes to disks, and drops the beginning of the log now and then. */
    private void tidy() {
        for (Replica replica : replicas.values()) {
            if (Dice.chance(random, 0.2)) {
                replica.write(random.nextInt(12));
            }
        }
        if (Dice.chance(random, 0.02) && log.size() - firstKept > 2 * ENTRIES_KEPT_MIN) {
            firstKept += random.nextInt(log.size() - firstKept - ENTRIES_KEPT_MIN);
        }
    }

    /** A follower hears that entries are committed. */
    private void follow(ServerId server, long committed) {
        ServerId from = leader;
        if (from == null || !world.links().reaches(from, server) || !members.containsKey(server)) {
            return;
        }
        Replica replica = replica(server);
        knownCommitted.merge(server, committed, Math::max);
        if (replica.applied().value() + 1 < firstKept) {
            install(from, server, replica);
        }
        apply(server, committed);
    }

    private void install(ServerId from, ServerId server, Replica replica) {
        Replica source = replica(from);
        if (source.applied().compareTo(replica.applied()) <= 0) {
            return;
        }
        world.trace().line(server, "installs a snapshot of " + from + " at entry " + source.applied());
        world.count("snapshots");
        replica.install(source);
        world.copyAt(server, replica);
        Member member = members.get(server);
        if (member != null) {
            member.reloaded(cell);
        }
    }

    private void apply(ServerId server, long upTo) {
        long last = Math.min(upTo, log.size());
        for (long next = replica(server).applied().value() + 1; next <= last; next++) {
            applyOne(server, new LogIndex(next));
        }
    }

    private Applied applyOne(ServerId server, LogIndex index) {
        Replica replica = replica(server);
        Applied applied = replica.apply(index, log.get((int) index.value() - 1));
        knownCommitted.merge(server, index.value(), Math::max);
        world.copyAt(server, replica);
        Member member = members.get(server);
        if (member != null) {
            member.applied(cell, applied);
        }
        return applied;
    }

    private void heartbeat() {
        world.queue().after(HEARTBEAT, this::heartbeat);
        ServerId current = leader;
        boolean leads = current != null && world.links().reachesMajority(current, replicas.keySet());
        if (leads && current != null && straysAlone(current)) {
            elect(current);
        } else if (leads) {
            patience = 0;
        } else if (patience++ >= 2 && Dice.chance(random, 0.6)) {
            elect(null);
        }
        boolean quorate = leader != null && world.links().reachesMajority(leader, replicas.keySet());
        Instant now = world.queue().instant();
        for (ServerId server : replicas.keySet()) {
            ServerId of = leader;
            Member member = members.get(server);
            if (member == null) {
                continue;
            }
            if (of != null && quorate && world.links().reaches(of, server)) {
                heard.put(server, now);
                member.clockCompared(
                        server.equals(of) ? apartFromMost(of) : world.clocks().apart(of, server));
                member.quorum(cell, of);
                follow(server, log.size());
            } else if (heard.getOrDefault(server, Instant.MIN).isBefore(now.minus(PATIENCE))) {
                member.quorum(cell, null);
            }
        }
        ServerId by = leader;
        if (by != null && !inFlight.isEmpty()) {
            // What a passing cut has held up.
            commitInFlight(term);
        }
    }

    /** Makes another server lead, if there is one that reaches a majority. */
    void elect(@Nullable ServerId notThisOne) {
        List<ServerId> candidates = new ArrayList<>();
        for (ServerId voter : members.keySet()) {
            if (!voter.equals(notThisOne)
                    && world.links().reachesMajority(voter, replicas.keySet())
                    && !straysAlone(voter)) {
                candidates.add(voter);
            }
        }
        if (candidates.isEmpty()) {
            return;
        }
        ServerId elected = candidates.get(random.nextInt(candidates.size()));
        term++;
        leader = elected;
        patience = 0;
        inbox.clear();
        world.count("elections");
        forget(world.tampering().surviving(log.size()));
        world.trace().line(elected, "leads " + cell + " in term " + term + " at entry " + log.size());
        catchUp(elected);
        int survivors = inFlight.isEmpty() ? 0 : random.nextInt(inFlight.size() + 1);
        List<InFlight> kept = new ArrayList<>();
        Iterator<InFlight> all = inFlight.iterator();
        for (int i = 0; i < survivors; i++) {
            kept.add(all.next());
        }
        inFlight.clear();
        kept.forEach(entry -> commit(elected, entry));
    }

    private void catchUp(ServerId elected) {
        Replica replica = replica(elected);
        if (replica.applied().value() + 1 < firstKept) {
            replicas.entrySet().stream()
                    .filter(other -> other.getValue().applied().value() + 1 >= firstKept)
                    .findFirst()
                    .ifPresent(other -> install(other.getKey(), elected, replica));
        }
        apply(elected, log.size());
    }

    /** Only a broken Raft forgets. */
    private void forget(int surviving) {
        while (log.size() > surviving) {
            log.removeLast();
        }
    }
}
