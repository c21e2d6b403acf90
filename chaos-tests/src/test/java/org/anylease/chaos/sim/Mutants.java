package org.anylease.chaos.sim;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.anylease.chaos.invariant.PoolsForMembers;
import org.anylease.server.wire.EncodeLimits;
import org.anylease.server.wire.Packet;
import org.anylease.server.wire.PacketCodec;
import org.anylease.server.wire.RelayInformation;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.Incarnation;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.codec.EntryCodec;
import org.anylease.store.codec.UnreadableException;
import org.anylease.store.command.Batch;
import org.anylease.store.command.Entry;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.CellTimers;
import org.anylease.store.lease.LeaseClient;
import org.anylease.store.replication.LeaseLog;
import org.anylease.store.replication.Proposal;
import org.anylease.store.replication.QuorumState;
import org.anylease.store.state.LeaseTable;
import org.anylease.store.state.StateChanges;
import org.anylease.store.state.StoredKeys;
import org.jspecify.annotations.Nullable;

/** The breakages that the checkers must see, each a wrapper around parts that are right. */
final class Mutants {
    private static final String I1 = "I1 NoDoublePromise";
    private static final String I2 = "I2 NoEarlyReuse";
    private static final String I4 = "I4 ReplicasAgree";
    private static final String I5 = "I5 NothingAckedIsLost";
    private static final String I6 = "I6 EventuallyServed";
    private static final String RULES = "PromisesByTheRules";
    private static final String NAKS = "NaksAreCommitted";
    private static final String POOLS = "PoolsForMembers";
    private static final String RFC = "RepliesObeyRfc2131";

    private Mutants() {}

    /** A breakage, who must see it, and the seed with which the search starts, so that it is short. */
    record Mutant(String name, SortedSet<String> foundBy, Supplier<Tampering> fresh, long first) {
        /** The same, searched from another seed on: one that was seen to find it. */
        Mutant from(long seed) {
            return new Mutant(name, foundBy, fresh, seed);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Mutant mutant(String name, Supplier<Tampering> fresh, String... foundBy) {
        return new Mutant(name, new TreeSet<>(List.of(foundBy)), fresh, 1);
    }

    static List<Mutant> all() {
        return List.of(
                mutant("acks before the commit", AcksBeforeCommit::new, I5),
                mutant("turns a refusal into an ack", NakBecomesAck::new, I1, I5),
                mutant("promises twice the committed time", () -> outcomes(Mutants::twice), I5),
                mutant("swallows commands", SwallowsCommands::new, I6),
                mutant("believes in no skew", () -> entries(Mutants::withoutSkew), I2),
                mutant("stamps with a clock that leaps ahead", () -> entries(new LeapingClock()), I1),
                mutant("forgets committed entries at an election", ForgetsAtElection::new, I4, I5),
                mutant("skips an entry at one server", SkipsAnEntry::new, I4),
                mutant("loses a record on the way to a disk", LosesARecord::new, I4),
                mutant("numbers batches from 1 after each restart", RestartsNumbers::new, I4, I5, I6),
                mutant("changes a bit of option 82", ChangesOption82::new, RFC),
                mutant("answers another transaction", ChangesXid::new, RFC),
                mutant("reuses before reports", AloneMutants::reusesBeforeReports, I1, I2),
                mutant("reports before the flush", AloneMutants::reportsBeforeTheFlush, I1, I2),
                mutant(
                        "counts a server declared down as gone without skew",
                        AloneMutants.WaitsWithoutSkew::new,
                        I1,
                        I2),
                mutant("extends by R2 on its own extension", AloneMutants::extendsOnItsOwn, I1, RULES),
                mutant("gives out escrow past its end", AloneMutants::escrowPastItsEnd, I1, RULES),
                mutant("forgets what it reported", AloneMutants::forgetsReports, I1, RULES),
                mutant("does not journal", AloneMutants::doesNotJournal, I5),
                mutant("replies before the journal is synced", AloneMutants::repliesBeforeTheSync, I5),
                mutant("releases a newer lease", AloneMutants::releasesNewerLeases, I1)
                        .from(35),
                mutant("refuses from a stale view", AloneMutants::refusesFromAStaleView, NAKS),
                mutant("takes everybody for a member", TakesEverybodyForAMember::new, POOLS),
                mutant("does not guard its clock", AloneMutants::withoutClockGuard, I1, I2, RULES));
    }

    /** A server that tells no classes apart. */
    private static final class TakesEverybodyForAMember implements Tampering {
        private static LeaseClient member(LeaseClient client) {
            return client.in(PoolsForMembers.classesOf(Octets.of((byte) 1)));
        }

        @Override
        public LeaseLog logOf(ServerId server, LeaseLog log, SimulatedCluster cluster) {
            return new Passing(log) {
                @Override
                public void propose(
                        CellId cell, LeaseCommand command, @Nullable Instant validUntil, ProposalListener listener) {
                    LeaseCommand proposed = command instanceof LeaseCommand.OfferAddress offer
                            ? new LeaseCommand.OfferAddress(
                                    member(offer.client()), offer.network(), offer.wanted(), offer.inUse())
                            : command instanceof LeaseCommand.CommitLease commit
                                    ? new LeaseCommand.CommitLease(
                                            member(commit.client()),
                                            commit.network(),
                                            commit.address(),
                                            commit.kind(),
                                            commit.wantedTime())
                                    : command;
                    super.propose(cell, proposed, validUntil, listener);
                }
            };
        }
    }

    /** A log that passes everything on. */
    abstract static class Passing implements LeaseLog {
        final LeaseLog log;

        Passing(LeaseLog log) {
            this.log = log;
        }

        @Override
        public void propose(
                CellId cell, LeaseCommand command, @Nullable Instant validUntil, ProposalListener listener) {
            log.propose(cell, command, validUntil, listener);
        }

        @Override
        public List<CellId> cells() {
            return log.cells();
        }

        @Override
        public LeaseTable table(CellId cell) {
            return log.table(cell);
        }

        @Override
        public LogIndex durable(CellId cell) {
            return log.durable(cell);
        }

        @Override
        public QuorumState quorum(CellId cell) {
            return log.quorum(cell);
        }

        @Override
        public void observe(Observer observer) {
            log.observe(observer);
        }
    }

    private static final class AcksBeforeCommit implements Tampering {
        @Override
        public LeaseLog logOf(ServerId server, LeaseLog log, SimulatedCluster cluster) {
            return new Passing(log) {
                @Override
                public void propose(
                        CellId cell, LeaseCommand command, @Nullable Instant validUntil, ProposalListener listener) {
                    if (command instanceof LeaseCommand.CommitLease commit) {
                        log.propose(cell, command, validUntil, _ -> {});
                        cluster.queue().after(Duration.ZERO, () -> listener.settled(forged(commit, cluster)));
                    } else {
                        log.propose(cell, command, validUntil, listener);
                    }
                }
            };
        }
    }

    private static Proposal forged(LeaseCommand.CommitLease commit, SimulatedCluster cluster) {
        Duration lease = Duration.ofSeconds(90);
        Instant expiry = cluster.queue().instant().plus(lease);
        return new Proposal.Committed(
                new LogIndex(1), new Outcome.Bound(commit.address(), lease, expiry, new LogIndex(1), 0));
    }

    private static final class NakBecomesAck implements Tampering {
        @Override
        public LeaseLog logOf(ServerId server, LeaseLog log, SimulatedCluster cluster) {
            return new Passing(log) {
                @Override
                public void propose(
                        CellId cell, LeaseCommand command, @Nullable Instant validUntil, ProposalListener listener) {
                    log.propose(cell, command, validUntil, proposal -> {
                        boolean taken = proposal instanceof Proposal.Committed(var index, Outcome.Refused(var reason))
                                && reason == Outcome.Refused.Reason.TAKEN;
                        boolean forge = taken && command instanceof LeaseCommand.CommitLease;
                        listener.settled(forge ? forged((LeaseCommand.CommitLease) command, cluster) : proposal);
                    });
                }
            };
        }
    }

    private static Tampering outcomes(Function<Outcome.Bound, Outcome> change) {
        return new Tampering() {
            @Override
            public LeaseLog logOf(ServerId server, LeaseLog log, SimulatedCluster cluster) {
                return new Passing(log) {
                    @Override
                    public void propose(
                            CellId cell,
                            LeaseCommand command,
                            @Nullable Instant validUntil,
                            ProposalListener listener) {
                        log.propose(
                                cell,
                                command,
                                validUntil,
                                proposal -> listener.settled(
                                        proposal instanceof Proposal.Committed(var index, Outcome.Bound bound)
                                                ? new Proposal.Committed(index, change.apply(bound))
                                                : proposal));
                    }
                };
            }
        };
    }

    private static Outcome twice(Outcome.Bound bound) {
        return new Outcome.Bound(
                bound.address(), bound.leaseTime().multipliedBy(2), bound.expiry(), bound.binding(), bound.siteMoves());
    }

    private static final class SwallowsCommands implements Tampering {
        @Override
        public LeaseLog logOf(ServerId server, LeaseLog log, SimulatedCluster cluster) {
            return new Passing(log) {
                @Override
                public void propose(
                        CellId cell, LeaseCommand command, @Nullable Instant validUntil, ProposalListener listener) {
                    boolean swallowed =
                            command instanceof LeaseCommand.OfferAddress || command instanceof LeaseCommand.CommitLease;
                    if (!swallowed || cluster.queue().elapsed().toSeconds() < 300) {
                        log.propose(cell, command, validUntil, listener);
                    }
                }
            };
        }
    }

    private static Tampering entries(Function<Entry, Entry> change) {
        return new Tampering() {
            @Override
            public byte[] replicating(byte[] bytes) {
                Entry entry = change.apply(decoded(bytes));
                return EntryCodec.assemble(
                        entry.stamp(),
                        entry.batches().stream().map(EntryCodec::encodeBatch).toList());
            }
        };
    }

    private static Entry decoded(byte[] bytes) {
        try {
            return EntryCodec.decodeEntry(ByteBuffer.wrap(bytes));
        } catch (UnreadableException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Leaps ten minutes ahead now and then, and expires what is then due. */
    private static final class LeapingClock implements Function<Entry, Entry> {
        private static final Incarnation NOBODY = new Incarnation(new ServerId("nobody"), 1);

        private int entries;
        private long leaps;

        @Override
        public Entry apply(Entry entry) {
            List<Batch> batches = new ArrayList<>();
            // Made to last, or all that is seen is that everything has become void.
            entry.batches().forEach(each -> batches.add(new Batch(each.origin(), each.sequence(), each.commands())));
            if (++entries % 40 == 0) {
                leaps++;
                batches.add(new Batch(
                        NOBODY, leaps, List.of(new LeaseCommand.ExpireDue(512, new LogIndex(Long.MAX_VALUE)))));
            }
            return new Entry(entry.stamp().plus(Duration.ofMinutes(10 * leaps)), batches);
        }
    }

    private static Entry withoutSkew(Entry entry) {
        List<Batch> batches = new ArrayList<>();
        for (Batch batch : entry.batches()) {
            List<LeaseCommand> commands =
                    batch.commands().stream().map(Mutants::withoutSkew).toList();
            batches.add(new Batch(batch.origin(), batch.sequence(), commands, batch.voidAfter()));
        }
        return new Entry(entry.stamp(), batches);
    }

    private static LeaseCommand withoutSkew(LeaseCommand command) {
        if (!(command instanceof LeaseCommand.ApplyConfig apply)) {
            return command;
        }
        CellConfig config = apply.config();
        CellTimers timers = config.timers();
        return new LeaseCommand.ApplyConfig(
                new CellConfig(
                        config.cell(),
                        config.version(),
                        config.serverIdentifier(),
                        config.aliases(),
                        config.members(),
                        new CellTimers(
                                timers.mclt(),
                                Duration.ZERO,
                                timers.longestLease(),
                                timers.offerHold(),
                                timers.quarantine(),
                                timers.escrowTerm(),
                                timers.commitDeadline()),
                        config.settings(),
                        config.networks(),
                        config.escrow()),
                apply.basedOn(),
                apply.author(),
                apply.source());
    }

    private static final class ForgetsAtElection implements Tampering {
        @Override
        public int surviving(int committed) {
            return Math.max(1, committed - 3);
        }
    }

    private static final class SkipsAnEntry implements Tampering {
        @Override
        public byte[] applying(ServerId server, LogIndex index, byte[] entry) {
            boolean skipped = server.name().equals("b") && index.value() % 50 == 0;
            return skipped ? EntryCodec.assemble(decoded(entry).stamp(), List.of()) : entry;
        }
    }

    private static final class LosesARecord implements Tampering {
        private int written;

        @Override
        public StateChanges storing(ServerId server, StateChanges changes) {
            List<StateChanges.Change> kept = new ArrayList<>(changes.changes());
            if (++written % 7 == 0) {
                kept.removeIf(change -> change.key()[0] == StoredKeys.BINDING);
            }
            return new StateChanges(changes.upTo(), kept);
        }
    }

    private static final class RestartsNumbers implements Tampering {
        @Override
        public long sequenceAfterRestart(long highest) {
            return 1;
        }
    }

    private static final class ChangesOption82 implements Tampering {
        @Override
        public byte[] sending(ServerId server, byte[] reply) {
            Packet packet = SimulatedNetwork.decode(reply);
            return packet.relayInformation()
                    .map(relay -> {
                        byte[] value = relay.bytes();
                        value[value.length - 1] ^= 1;
                        return encoded(packet.toBuilder()
                                .options(packet.options().toBuilder()
                                        .relayInformation(RelayInformation.of(value))
                                        .build())
                                .build());
                    })
                    .orElse(reply);
        }
    }

    private static final class ChangesXid implements Tampering {
        @Override
        public byte[] sending(ServerId server, byte[] reply) {
            Packet packet = SimulatedNetwork.decode(reply);
            return encoded(packet.toBuilder().xid(packet.xid() ^ 1).build());
        }
    }

    private static byte[] encoded(Packet packet) {
        byte[] buffer = new byte[PacketCodec.DATAGRAM_BYTES_MAX];
        int length = PacketCodec.encode(packet, EncodeLimits.of(1_472), buffer).length();
        byte[] bytes = new byte[length];
        System.arraycopy(buffer, 0, bytes, 0, length);
        return bytes;
    }
}
