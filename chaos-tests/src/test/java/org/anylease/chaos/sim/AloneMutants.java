package org.anylease.chaos.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.anylease.server.core.Effect;
import org.anylease.server.partition.PeerMessage;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Packet;
import org.anylease.store.alone.JournalRecord;
import org.anylease.store.alone.JournalRecord.Promise;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome;
import org.anylease.store.command.PromiseRule;
import org.anylease.store.config.CellTimers;
import org.anylease.store.lease.Binding;
import org.anylease.store.replication.LeaseLog;
import org.anylease.store.replication.Proposal;
import org.anylease.store.state.LeaseTable;
import org.jspecify.annotations.Nullable;

/** The rules of promising alone and of reuse, each broken once: those of the formal model, and some more. */
final class AloneMutants {
    private static final LogIndex EVERYTHING = new LogIndex(Long.MAX_VALUE);

    private AloneMutants() {}

    /** Records that never get to a disk, so that a restart knows nothing of them. */
    private static Tampering withoutRecords(Predicate<JournalRecord> lost) {
        return new Tampering() {
            @Override
            public List<? extends JournalRecord> journaling(ServerId server, List<? extends JournalRecord> records) {
                return records.stream().filter(record -> !lost.test(record)).toList();
            }
        };
    }

    static Tampering forgetsReports() {
        return withoutRecords(JournalRecord.Reported.class::isInstance);
    }

    static Tampering doesNotJournal() {
        return withoutRecords(Promise.class::isInstance);
    }

    static Tampering extendsOnItsOwn() {
        return new PromisesLonger(PromiseRule.R2_EXTENSION, Duration.ofMinutes(5), true);
    }

    static Tampering escrowPastItsEnd() {
        return new PromisesLonger(PromiseRule.R3_ESCROW, Duration.ofMinutes(10), false);
    }

    /** A server that takes what it has appended for durable. */
    static Tampering repliesBeforeTheSync() {
        return new Tampering() {
            @Override
            public boolean believesInSync() {
                return true;
            }
        };
    }

    /** Nobody sees that a clock is wrong. */
    static Tampering withoutClockGuard() {
        return new Tampering() {
            @Override
            public boolean guardsClock() {
                return false;
            }
        };
    }

    /** A log whose proposals are changed on their way. */
    private static Tampering proposals(Proposing proposing) {
        return new Tampering() {
            @Override
            public LeaseLog logOf(ServerId server, LeaseLog log, SimulatedCluster cluster) {
                return new Mutants.Passing(log) {
                    @Override
                    public void propose(
                            CellId cell,
                            LeaseCommand command,
                            @Nullable Instant validUntil,
                            ProposalListener listener) {
                        proposing.propose(log, cluster, cell, command, validUntil, listener);
                    }
                };
            }
        };
    }

    private interface Proposing {
        void propose(
                LeaseLog log,
                SimulatedCluster cluster,
                CellId cell,
                LeaseCommand command,
                @Nullable Instant validUntil,
                LeaseLog.ProposalListener listener);
    }

    /** What is taken away is free at once. */
    static Tampering reusesBeforeReports() {
        return proposals((log, _, cell, command, validUntil, listener) -> log.propose(
                cell,
                command instanceof LeaseCommand.ExpireDue(int most, var _)
                        ? new LeaseCommand.ExpireDue(most, EVERYTHING)
                        : command,
                validUntil,
                listener));
    }

    /** A RELEASE that comes late means whatever lease its client has by then. */
    static Tampering releasesNewerLeases() {
        return proposals((log, cluster, cell, command, validUntil, listener) -> {
            if (command instanceof LeaseCommand.ReleaseLease release) {
                cluster.queue().after(Duration.ofSeconds(25), () -> {
                    LogIndex now = cluster.truth(cell)
                            .binding(release.address())
                            .map(Binding::index)
                            .orElse(LogIndex.NONE);
                    log.propose(
                            cell, new LeaseCommand.ReleaseLease(release.client(), release.address(), now), listener);
                });
            } else {
                log.propose(cell, command, validUntil, listener);
            }
        });
    }

    /** What is not committed in time is refused. */
    static Tampering refusesFromAStaleView() {
        return proposals((log, cluster, cell, command, validUntil, listener) -> {
            boolean[] settled = {false};
            LeaseLog.ProposalListener once = proposal -> {
                if (!settled[0]) {
                    settled[0] = true;
                    listener.settled(proposal);
                }
            };
            log.propose(cell, command, validUntil, once);
            if (command instanceof LeaseCommand.CommitLease) {
                cluster.queue()
                        .after(
                                Duration.ofMillis(120),
                                () -> once.settled(new Proposal.Committed(
                                        new LogIndex(1), new Outcome.Refused(Outcome.Refused.Reason.TAKEN))));
            }
        });
    }

    /** Promises of one rule that last longer than it says, to the journal as well as to the client. */
    static final class PromisesLonger implements Tampering {
        private final PromiseRule rule;
        private final Duration extra;
        private final boolean onlyAgain;
        private final TreeMap<String, Boolean> promised = new TreeMap<>();

        PromisesLonger(PromiseRule rule, Duration extra, boolean onlyAgain) {
            this.rule = rule;
            this.extra = extra;
            this.onlyAgain = onlyAgain;
        }

        @Override
        public Effect effect(ServerId server, Effect effect, SimulatedCluster cluster) {
            if (effect instanceof Effect.AppendJournal(long token, CellId cell, LogIndex basedOn, var records)) {
                List<JournalRecord> longer = new ArrayList<>();
                for (JournalRecord record : records) {
                    longer.add(record instanceof Promise promise ? longer(server, promise) : record);
                }
                return new Effect.AppendJournal(token, cell, basedOn, longer);
            }
            boolean ack = effect instanceof Effect.SendReply reply
                    && reply.packet().messageType().orElse(null) == MessageType.ACK
                    && promised.getOrDefault(server + " " + reply.packet().yiaddr(), false);
            return ack && effect instanceof Effect.SendReply reply
                    ? new Effect.SendReply(longer(reply.packet()), reply.way(), reply.limits(), reply.asked())
                    : effect;
        }

        private Promise longer(ServerId server, Promise promise) {
            String key = server + " " + promise.address();
            boolean again = promised.containsKey(key);
            promised.put(key, !onlyAgain || again);
            return promise.rule() != rule || (onlyAgain && !again)
                    ? promise
                    : new Promise(
                            promise.address(),
                            promise.client(),
                            promise.network(),
                            promise.until().plus(extra),
                            promise.binding(),
                            promise.rule(),
                            promise.ending(),
                            promise.promised());
        }

        private Packet longer(Packet ack) {
            long seconds = ack.options().u32(OptionCode.ADDRESS_TIME).orElse(0);
            return ack.toBuilder()
                    .options(ack.options().toBuilder()
                            .remove(OptionCode.ADDRESS_TIME)
                            .u32(OptionCode.ADDRESS_TIME, seconds + extra.toSeconds())
                            .build())
                    .build();
        }
    }

    /** Servers that are asked for a report give it, whatever they have promised alone. */
    static Tampering reportsBeforeTheFlush() {
        return new Tampering() {
            @Override
            public Effect effect(ServerId server, Effect effect, SimulatedCluster cluster) {
                if (effect instanceof Effect.SendPeer(CellId cell, ServerId to, PeerMessage.ReportWanted _)) {
                    cluster.words().say(to, server, cell, new PeerMessage.Report(cluster.appliedAt(cell, to)));
                }
                return effect;
            }
        };
    }

    /** A server declared down counts as having reported once the longest lease is over, though clocks differ. */
    static final class WaitsWithoutSkew implements Tampering {
        private final TreeMap<CellId, TreeMap<ServerId, LogIndex>> reported = new TreeMap<>();

        @Override
        public Effect effect(ServerId server, Effect effect, SimulatedCluster cluster) {
            if (effect instanceof Effect.SendPeer(CellId cell, var _, PeerMessage.Report(LogIndex index))) {
                reported.computeIfAbsent(cell, _ -> new TreeMap<>()).put(server, index);
            }
            return effect;
        }

        @Override
        public LeaseLog logOf(ServerId server, LeaseLog log, SimulatedCluster cluster) {
            return new Mutants.Passing(log) {
                @Override
                public void propose(
                        CellId cell, LeaseCommand command, @Nullable Instant validUntil, ProposalListener listener) {
                    boolean expires = command instanceof LeaseCommand.ExpireDue;
                    log.propose(cell, expires ? sooner(cell, server, log) : command, validUntil, listener);
                }
            };
        }

        private LeaseCommand sooner(CellId cell, ServerId leader, LeaseLog log) {
            LeaseTable table = log.table(cell);
            CellTimers timers = table.config().orElseThrow().timers();
            TreeMap<ServerId, LogIndex> heard = reported.computeIfAbsent(cell, _ -> new TreeMap<>());
            LogIndex settled = table.settled(server -> {
                Instant since = table.declaredDown().get(server);
                boolean over = since != null && table.time().isAfter(since.plus(timers.longestLease()));
                return over || server.equals(leader) ? EVERYTHING : heard.getOrDefault(server, LogIndex.NONE);
            });
            return new LeaseCommand.ExpireDue(512, settled);
        }
    }
}
