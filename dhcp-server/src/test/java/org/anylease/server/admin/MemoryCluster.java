package org.anylease.server.admin;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.anylease.server.partition.Autonomy;
import org.anylease.server.partition.ServingMode;
import org.anylease.store.address.AddressRange;
import org.anylease.store.address.Ipv4;
import org.anylease.store.alone.JournalRecord;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.cell.SiteId;
import org.anylease.store.command.Conflict;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome;
import org.anylease.store.command.PromiseRule;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.ConfigRevision;
import org.anylease.store.config.Member;
import org.anylease.store.dns.DnsEntry;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.replication.Proposal;
import org.anylease.store.replication.QuorumState;
import org.anylease.store.state.LeaseDigest;
import org.anylease.store.state.ReservationStatus;
import org.anylease.store.state.Waiting;
import org.jspecify.annotations.Nullable;

/** A cluster in memory: servers share cells by reference, and ask each other by calling. */
public final class MemoryCluster implements Cluster {
    /** What the clusters' clocks say. */
    public static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private static final Duration AWAITED = Duration.ofHours(24);

    private final Facts facts;
    private final Map<ServerId, MemoryCluster> peers;
    private final Map<CellId, MemoryCell> all;
    private final Map<CellId, MemoryCell> held = new TreeMap<>();
    private final Map<CellId, Mode> modes = new TreeMap<>();
    private final List<Finding> warnings = new ArrayList<>();
    final MemoryNames dns = new MemoryNames();
    private final Map<Ipv4, JournalRecord.Promise> promises = new TreeMap<>();
    private final TreeSet<ServerId> deviating = new TreeSet<>();
    private final TreeMap<ServerId, String> waits = new TreeMap<>();
    private final TreeSet<CellId> reported = new TreeSet<>();
    private final List<CellId> rebuilt = new ArrayList<>();
    private boolean drained;
    private boolean silent;

    private MemoryCluster(Facts facts, Map<ServerId, MemoryCluster> peers, Map<CellId, MemoryCell> all) {
        this.facts = facts;
        this.peers = peers;
        this.all = all;
        peers.put(facts.server(), this);
    }

    /** The first server of a new cluster. */
    public static MemoryCluster first(String server, String site) {
        return new MemoryCluster(facts(server, site), new TreeMap<>(), new TreeMap<>());
    }

    /** Another server of the same cluster, without a copy of any cell. */
    public MemoryCluster join(String server, String site) {
        return new MemoryCluster(facts(server, site), peers, all);
    }

    private static Facts facts(String server, String site) {
        return new Facts("test", new ServerId(server), new SiteId(site), "0.1.0", NOW.minusSeconds(3600));
    }

    /** Gives this server a copy of a cell, which is made when it is new. */
    public MemoryCell hold(String cell) {
        MemoryCell made = all.computeIfAbsent(new CellId(cell), MemoryCell::new);
        held.put(made.id, made);
        return made;
    }

    /** From now on this server serves a cell so. */
    public void serve(String cell, Mode mode) {
        modes.put(new CellId(cell), mode);
    }

    /** From now on this server does not answer others. */
    public void fallSilent() {
        silent = true;
    }

    /** From now on this server warns. */
    public void warn(Finding finding) {
        warnings.add(finding);
    }

    @Override
    public Facts facts() {
        return facts;
    }

    @Override
    public List<Member> servers() {
        return peers.values().stream()
                .map(peer -> new Member(peer.facts.server(), peer.facts.site(), List.of()))
                .toList();
    }

    @Override
    public List<CellId> cells() {
        return List.copyOf(all.keySet());
    }

    @Override
    public Optional<CellState> state(CellId cell) {
        return Optional.ofNullable(held.get(cell))
                .map(copy -> copy.state(modes.getOrDefault(cell, Mode.QUORATE), facts.server()));
    }

    @Override
    public Optional<List<ReservationStatus>> reservations(CellId cell) {
        return Optional.ofNullable(held.get(cell)).map(copy -> copy.reservations.all());
    }

    @Override
    public Optional<List<Outcome.NotReserved>> obstacles(CellId cell, LeaseCommand.ReserveAddresses command) {
        return Optional.ofNullable(held.get(cell)).map(copy -> copy.obstacles(command));
    }

    @Override
    public Optional<Unsettled> unsettled(CellId cell) {
        return Optional.ofNullable(held.get(cell)).map(MemoryCell::unsettled);
    }

    @Override
    public Optional<Autonomy> autonomy(CellId cell) {
        return Optional.ofNullable(held.get(cell))
                .map(copy -> copy.autonomy(modes.getOrDefault(cell, Mode.QUORATE), facts.server()));
    }

    @Override
    public Optional<JournalRecord.Promise> promisedAlone(CellId cell, Ipv4 address) {
        return Optional.ofNullable(promises.get(address));
    }

    @Override
    public CompletableFuture<Verification> verify(CellId cell) {
        MemoryCell known = all.get(cell);
        if (known == null) {
            return CompletableFuture.failedFuture(new IOException("no such cell"));
        }
        TreeMap<ServerId, LeaseDigest> digests = new TreeMap<>();
        TreeMap<ServerId, String> silent = new TreeMap<>();
        peers.forEach((server, peer) -> {
            if (peer.silent) {
                silent.put(server, "connection refused");
            } else if (peer.held.containsKey(cell)) {
                digests.put(server, new LeaseDigest(deviating.contains(server) ? 7 : 31));
            }
        });
        List<Deviation> deviations = deviating.stream()
                .map(server -> new Deviation(server, List.of(AddressRange.parse("10.0.0.10-10.0.0.11")), false, true))
                .toList();
        return CompletableFuture.completedFuture(
                new Verification(new LogIndex(200), facts.server(), digests, deviations, silent));
    }

    /** From now on a server's copy is found to be another. */
    public void deviate(String server) {
        deviating.add(new ServerId(server));
    }

    @Override
    public Optional<Membership> membership(CellId cell) {
        return Optional.ofNullable(held.get(cell)).map(copy -> copy.membership(waits));
    }

    /** From now on a server is yet to come into cells, or to go. */
    public void keepWaiting(String server, String reason) {
        waits.put(new ServerId(server), reason);
    }

    @Override
    public void report(CellId cell, LogIndex upTo) throws IOException {
        if (!held.containsKey(cell)) {
            throw new IOException("no such cell");
        }
        reported.add(cell);
    }

    @Override
    public void recallEscrow(CellId cell, List<Ipv4> addresses) throws IOException {
        MemoryCell copy = held.get(cell);
        if (copy == null) {
            throw new IOException("no such cell");
        }
        copy.giveBack(facts.server(), addresses);
    }

    @Override
    public void rebuild(CellId cell) {
        rebuilt.add(cell);
    }

    /** The cells whose copy this server was asked to fetch anew. */
    public List<CellId> rebuilt() {
        return List.copyOf(rebuilt);
    }

    @Override
    public void drain(boolean wanted) {
        drained = wanted;
    }

    @Override
    public Optional<Drained> drained() {
        return drained ? Optional.of(new Drained(NOW, List.of())) : Optional.empty();
    }

    /** This server has promised something alone. */
    public void promiseAlone(JournalRecord.Promise promise) {
        promises.put(promise.address(), promise);
    }

    @Override
    public Optional<LeaseView> view(CellId cell) {
        return Optional.ofNullable(held.get(cell)).map(MemoryCell::view);
    }

    @Override
    public CompletableFuture<Proposal> propose(CellId cell, LeaseCommand command) {
        // As real servers do, these form a cell that a configuration calls for.
        MemoryCell target = command instanceof LeaseCommand.ApplyConfig
                ? all.computeIfAbsent(cell, MemoryCell::new)
                : all.get(cell);
        if (command instanceof LeaseCommand.NoteDns note) {
            return CompletableFuture.completedFuture(new Proposal.Committed(new LogIndex(1), dns.note(cell, note)));
        }
        return CompletableFuture.completedFuture(
                target == null ? new Proposal.Rejected(Proposal.Rejected.Reason.NO_SUCH_CELL) : target.apply(command));
    }

    @Override
    public CompletableFuture<byte[]> ask(ServerId server, String method, byte[] body) {
        MemoryCluster peer = peers.get(server);
        if (peer == null || peer.silent) {
            return CompletableFuture.failedFuture(new IOException("connection refused"));
        }
        try {
            return CompletableFuture.completedFuture(
                    new PeerAnswers(peer, InstantSource.fixed(NOW)).answer(method, body));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public Optional<DnsNames> names(CellId cell) {
        return Optional.empty();
    }

    @Override
    public List<DnsEntry> namesOnRecord(CellId cell) {
        return dns.of(cell);
    }

    @Override
    public List<Finding> warnings() {
        return warnings;
    }

    /** A cell in memory. */
    public static final class MemoryCell {
        private final MemoryReservations reservations;
        private final CellId id;
        private final TreeMap<Ipv4, Binding> bindings = new TreeMap<>();
        private final List<ConfigRevision> history = new ArrayList<>();
        private @Nullable CellConfig config;
        private final List<Conflict> conflicts = new ArrayList<>();
        private final TreeMap<ServerId, Instant> down = new TreeMap<>();
        private List<ServerId> awaited = List.of();
        private Waiting waiting = new Waiting(0, Instant.EPOCH);
        private long index = 100;
        private boolean quorum = true;

        MemoryCell(CellId id) {
            this.id = id;
            this.reservations = new MemoryReservations(id);
        }

        /** Puts a binding in place, in an entry of its own. */
        public synchronized void put(Binding binding) {
            bindings.put(binding.address(), binding);
            index++;
        }

        /** What it says of an address. */
        public synchronized @Nullable Binding get(Ipv4 address) {
            return bindings.get(address);
        }

        /** All its bindings. */
        public synchronized List<Binding> bindings() {
            return List.copyOf(bindings.values());
        }

        /** Puts a configuration in force without asking. */
        public synchronized void configure(CellConfig config) {
            this.config = config;
        }

        /** From now on no command commits. */
        public synchronized void loseQuorum() {
            quorum = false;
        }

        /** From now on commands commit again. */
        public synchronized void findQuorum() {
            quorum = true;
        }

        /** From now on these servers' reports count, and so many addresses wait for them. */
        public synchronized void await(int addresses, Instant until, String... servers) {
            awaited = Stream.of(servers).map(ServerId::new).toList();
            waiting = new Waiting(addresses, until);
        }

        /** An address was promised twice. */
        public synchronized void find(Conflict conflict) {
            conflicts.add(conflict);
        }

        private synchronized Membership membership(Map<ServerId, String> waits) {
            List<ServerId> listed = config == null
                    ? List.of()
                    : config.members().stream().map(Member::server).toList();
            return new Membership(true, listed, listed, List.of(), false, awaited, new TreeMap<>(waits), "");
        }

        private synchronized Unsettled unsettled() {
            return new Unsettled(
                    new LogIndex(index),
                    NOW,
                    waiting,
                    waiting.addresses() == 0 ? null : new LogIndex(90),
                    awaited,
                    down.entrySet().stream()
                            .map(one -> new Down(
                                    one.getKey(), one.getValue(), one.getValue().plus(AWAITED)))
                            .toList(),
                    NOW.plus(AWAITED),
                    new TreeMap<>(),
                    conflicts,
                    0);
        }

        private synchronized Autonomy autonomy(Mode mode, ServerId server) {
            TreeMap<PromiseRule, Integer> pending = new TreeMap<>();
            TreeMap<PromiseRule, Long> promised = new TreeMap<>();
            for (PromiseRule rule : PromiseRule.values()) {
                pending.put(rule, 0);
                promised.put(rule, 0L);
            }
            return new Autonomy(
                    id,
                    server,
                    ServingMode.valueOf(mode.name()),
                    NOW.minusSeconds(600),
                    new LogIndex(index),
                    null,
                    "",
                    pending,
                    promised,
                    new LogIndex(index),
                    Duration.ofMillis(300),
                    Duration.ofMinutes(1392),
                    List.of(new Autonomy.NetworkAutonomy(
                            "office", 420, 8, 412, 500, NOW.plusSeconds(7200), 82.4, Duration.ofHours(5))),
                    new Autonomy.WaitingReports(
                            waiting.addresses(),
                            null,
                            waiting.until(),
                            awaited.stream()
                                    .map(one -> new Autonomy.Awaited(one, new LogIndex(index), NOW, false))
                                    .toList()));
        }

        private synchronized CellState state(Mode mode, ServerId server) {
            QuorumState state =
                    new QuorumState(quorum ? server : null, quorum && mode != Mode.PARTITIONED, NOW.minusSeconds(600));
            return new CellState(
                    id, mode, new LogIndex(index), NOW, state, new LeaseDigest(index * 31), 0, config, history);
        }

        private synchronized LeaseView view() {
            TreeMap<Ipv4, Binding> copy = new TreeMap<>(bindings);
            LogIndex at = new LogIndex(index);
            return new LeaseView() {
                @Override
                public LogIndex index() {
                    return at;
                }

                @Override
                public Iterable<Binding> from(Ipv4 first) {
                    return copy.tailMap(first, true).values();
                }

                @Override
                public void close() {
                    copy.clear();
                }
            };
        }

        private synchronized Proposal apply(LeaseCommand command) {
            if (!quorum) {
                return new Proposal.Unknown();
            }
            index++;
            return new Proposal.Committed(
                    new LogIndex(index),
                    switch (command) {
                        case LeaseCommand.ApplyConfig apply -> applyConfig(apply);
                        case LeaseCommand.RestoreBindings restore -> restore(restore);
                        case LeaseCommand.ReserveAddresses _, LeaseCommand.UnreserveAddresses _ ->
                            reservations.apply(config, bindings.values(), command);
                        case LeaseCommand.OfferAddress _,
                                LeaseCommand.CommitLease _,
                                LeaseCommand.ReleaseLease _,
                                LeaseCommand.DeclineAddress _,
                                LeaseCommand.CancelOffer _,
                                LeaseCommand.ExpireDue _,
                                LeaseCommand.CommitPromise _,
                                LeaseCommand.GrantEscrow _,
                                LeaseCommand.ReturnEscrow _,
                                LeaseCommand.RecoverCell _,
                                LeaseCommand.NoteDns _ -> new Outcome.Done(0);
                        case LeaseCommand.DeclareDown declare ->
                            new Outcome.Done(down.putIfAbsent(declare.server(), NOW) == null ? 1 : 0);
                        case LeaseCommand.UndoDeclareDown undo ->
                            new Outcome.Done(down.remove(undo.server()) == null ? 0 : 1);
                        case LeaseCommand.ClearConflict clear -> {
                            int before = conflicts.size();
                            conflicts.removeIf(conflict -> conflict.address().equals(clear.address())
                                    && conflict.index().equals(clear.index()));
                            yield new Outcome.Done(before - conflicts.size());
                        }
                    });
        }

        private synchronized List<Outcome.NotReserved> obstacles(LeaseCommand.ReserveAddresses command) {
            return reservations.obstacles(config, bindings.values(), command);
        }

        private Outcome applyConfig(LeaseCommand.ApplyConfig apply) {
            long version = config == null ? 0 : config.version();
            if (version != apply.basedOn()) {
                return new Outcome.Superseded(version);
            }
            config = apply.config();
            history.add(new ConfigRevision(apply.config().version(), NOW, apply.author(), apply.source()));
            return new Outcome.Done(0);
        }

        private synchronized void giveBack(ServerId owner, List<Ipv4> addresses) {
            bindings.values()
                    .removeIf(binding -> addresses.contains(binding.address())
                            && binding.state() == BindingState.ESCROWED
                            && owner.equals(binding.server()));
            index++;
        }

        private Outcome restore(LeaseCommand.RestoreBindings restore) {
            int changed = 0;
            for (Binding binding : restore.bindings()) {
                Binding here = bindings.get(binding.address());
                boolean taken = here != null
                        && here.state() == BindingState.ACTIVE
                        && (binding.client() == null
                                || here.client() == null
                                || !here.client().id().equals(binding.client().id()));
                if (!taken && (here == null || here.index().compareTo(binding.index()) < 0)) {
                    bindings.put(binding.address(), binding);
                    changed++;
                }
            }
            return new Outcome.Done(changed);
        }
    }
}
