package org.anylease.server.boot;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.anylease.raft.liveness.CellReport;
import org.anylease.raft.liveness.ReplicaReport;
import org.anylease.raft.membership.CellMembership;
import org.anylease.raft.membership.MembershipPlan;
import org.anylease.raft.ratis.RatisLeaseLog;
import org.anylease.server.admin.Cluster;
import org.anylease.server.admin.DnsNames;
import org.anylease.server.admin.Finding;
import org.anylease.server.admin.PeerAnswers;
import org.anylease.server.config.SystemConfig;
import org.anylease.server.ddns.DnsUpkeep;
import org.anylease.server.net.EventLoop;
import org.anylease.server.partition.Autonomy;
import org.anylease.server.partition.ServingMode;
import org.anylease.store.address.Ipv4;
import org.anylease.store.alone.JournalRecord;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome;
import org.anylease.store.config.Member;
import org.anylease.store.dns.DnsEntry;
import org.anylease.store.lease.Binding;
import org.anylease.store.replication.Proposal;
import org.anylease.store.rocks.RocksLeaseStore;
import org.anylease.store.state.LeaseTable;
import org.anylease.store.state.ReservationStatus;
import org.jspecify.annotations.Nullable;

/** The running server, as its admin side sees it. From any thread; it waits for its turn on the loop. */
final class RunningCluster implements Cluster {
    private static final Duration LOOP_PATIENCE = Duration.ofSeconds(2);
    private static final Duration VIEW_PATIENCE = Duration.ofSeconds(10);
    private static final Duration REBUILD_PATIENCE = Duration.ofSeconds(4);
    private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(5);

    private final Facts facts;
    private final SystemConfig system;
    private final CellPlacement placement;
    private final EventLoop loop;
    private final RatisLeaseLog log;
    private final List<Finding> warnings;
    private volatile @Nullable ServiceDriver driver;
    private volatile @Nullable DnsUpkeep upkeep;

    RunningCluster(
            Facts facts,
            Setup setup,
            CellPlacement placement,
            EventLoop loop,
            RatisLeaseLog log,
            List<Finding> warnings) {
        this.facts = facts;
        this.system = setup.system();
        this.placement = placement;
        this.loop = loop;
        this.log = log;
        this.warnings = List.copyOf(warnings);
    }

    @Override
    public Facts facts() {
        return facts;
    }

    @Override
    public List<Member> servers() {
        List<Member> members = new ArrayList<>();
        for (SystemConfig.Site site : system.sites()) {
            site.servers().forEach(server -> members.add(new Member(server.id(), site.id(), server.addresses())));
        }
        members.sort((one, other) -> one.server().compareTo(other.server()));
        return members;
    }

    @Override
    public List<CellId> cells() {
        TreeSet<CellId> cells = new TreeSet<>(log.cells());
        cells.addAll(placement.cells());
        return List.copyOf(cells);
    }

    @Override
    public Optional<CellState> state(CellId cell) throws IOException {
        if (!log.cells().contains(cell)) {
            return Optional.empty();
        }
        ServiceDriver serving = driver();
        return Optional.of(onLoop(() -> {
            LeaseTable table = log.table(cell);
            var quorum = log.quorum(cell);
            return new CellState(
                    cell,
                    quorum.reachable() ? mode(serving.mode(cell)) : Mode.PARTITIONED,
                    table.appliedIndex(),
                    table.time(),
                    quorum,
                    table.digest(),
                    log.pendingCommands(cell),
                    table.config().orElse(null),
                    table.history());
        }));
    }

    private static Mode mode(ServingMode mode) {
        return switch (mode) {
            case QUORATE -> Mode.QUORATE;
            case PARTITIONED -> Mode.PARTITIONED;
            case RESYNCING -> Mode.RESYNCING;
        };
    }

    @Override
    public Optional<List<ReservationStatus>> reservations(CellId cell) throws IOException {
        return log.cells().contains(cell)
                ? Optional.of(onLoop(() -> log.table(cell).reservations()))
                : Optional.empty();
    }

    @Override
    public Optional<List<Outcome.NotReserved>> obstacles(CellId cell, LeaseCommand.ReserveAddresses command)
            throws IOException {
        return log.cells().contains(cell)
                ? Optional.of(onLoop(() -> log.table(cell).obstacles(command)))
                : Optional.empty();
    }

    @Override
    public Optional<Unsettled> unsettled(CellId cell) throws IOException {
        if (!log.cells().contains(cell)) {
            return Optional.empty();
        }
        return Optional.of(onLoop(() -> {
            LeaseTable table = log.table(cell);
            List<Down> down = new ArrayList<>();
            table.declaredDown()
                    .forEach((server, since) -> down.add(new Down(
                            server, since, table.awaitedDespiteDown(server).orElse(since))));
            return new Unsettled(
                    table.appliedIndex(),
                    table.time(),
                    table.waiting(),
                    table.waitingSince().orElse(null),
                    table.awaited(),
                    down,
                    table.awaitedIfDeclaredDown(),
                    escrow(table),
                    table.conflicts(),
                    table.conflictsDropped());
        }));
    }

    /** Names who serves the cells; before anything is asked of this. */
    void serve(ServiceDriver serving, DnsUpkeep names) {
        driver = serving;
        upkeep = names;
    }

    /** An entry was applied; on the loop. */
    void namesApplied(CellId cell, LeaseTable table) {
        DnsUpkeep names = upkeep;
        if (names != null) {
            names.applied(cell, table);
        }
    }

    private ServiceDriver driver() throws IOException {
        ServiceDriver serving = driver;
        if (serving == null) {
            throw new IOException("this server is starting");
        }
        return serving;
    }

    @Override
    public Optional<Autonomy> autonomy(CellId cell) throws IOException {
        ServiceDriver serving = driver();
        return log.cells().contains(cell) ? Optional.of(onLoop(() -> serving.autonomy(cell))) : Optional.empty();
    }

    @Override
    public Optional<JournalRecord.Promise> promisedAlone(CellId cell, Ipv4 address) throws IOException {
        ServiceDriver serving = driver();
        return log.cells().contains(cell) ? onLoop(() -> serving.promisedAlone(cell, address)) : Optional.empty();
    }

    /** Everything that this server promised alone in a cell; nothing where it has no copy of it. */
    List<JournalRecord.Promise> promisedAlone(CellId cell) throws IOException {
        ServiceDriver serving = driver();
        return log.cells().contains(cell) ? onLoop(() -> serving.promisedAlone(cell)) : List.of();
    }

    @Override
    public CompletableFuture<Verification> verify(CellId cell) {
        return log.operations().verify(cell).toCompletableFuture().thenApply(found -> {
            List<Deviation> deviations = new ArrayList<>();
            found.deviations()
                    .forEach(one ->
                            deviations.add(new Deviation(one.server(), one.ranges(), one.elsewhere(), one.inMemory())));
            return new Verification(found.index(), found.reference(), found.digests(), deviations, found.silent());
        });
    }

    @Override
    public Optional<Membership> membership(CellId cell) throws IOException {
        boolean leads = state(cell)
                .map(state -> facts.server().equals(state.quorum().leader()))
                .orElse(false);
        return await(log.operations().membership(cell).toCompletableFuture(), LOOP_PATIENCE, "the server's loop")
                .map(known -> membership(known, leads));
    }

    private static Membership membership(CellMembership known, boolean leads) {
        TreeMap<ServerId, String> waits = new TreeMap<>();
        MembershipPlan plan = known.plan();
        if (plan != null) {
            plan.waits().forEach(wait -> waits.put(wait.server(), wait.reason()));
        }
        String failure = known.lastFailure();
        return new Membership(
                leads,
                known.members(),
                known.group().voters(),
                known.group().listeners(),
                known.group().changing(),
                known.awaited(),
                waits,
                failure == null ? "" : failure);
    }

    @Override
    public void report(CellId cell, LogIndex upTo) throws IOException {
        ServiceDriver serving = driver();
        boolean asked = onLoop(() -> {
            ServerId leader = log.quorum(cell).leader();
            if (leader != null) {
                serving.report(cell, leader, upTo);
            }
            return leader != null;
        });
        if (!asked) {
            throw new IOException("cell " + cell + " has no leader to report to");
        }
    }

    @Override
    public void recallEscrow(CellId cell, List<Ipv4> addresses) throws IOException {
        ServiceDriver serving = driver();
        boolean _ = onLoop(() -> {
            serving.recallEscrow(cell, addresses);
            return true;
        });
    }

    @Override
    public void rebuild(CellId cell) throws IOException {
        await(log.operations().rebuild(cell).toCompletableFuture(), REBUILD_PATIENCE, "the cell's leader");
    }

    @Override
    public void drain(boolean drained) throws IOException {
        if (drained) {
            await(log.operations().drain().toCompletableFuture(), LOOP_PATIENCE, "the server's loop");
        } else {
            await(log.operations().undrain().toCompletableFuture(), LOOP_PATIENCE, "the server's loop");
        }
    }

    @Override
    public Optional<Drained> drained() throws IOException {
        return await(log.operations().drained().toCompletableFuture(), LOOP_PATIENCE, "the server's loop")
                .map(state -> new Drained(state.since(), state.leading()));
    }

    private static SortedMap<ServerId, Integer> escrow(LeaseTable table) {
        TreeMap<ServerId, Integer> escrow = new TreeMap<>();
        table.config()
                .ifPresent(config -> config.networks()
                        .forEach(network -> table.awaited().forEach(server -> {
                            int addresses =
                                    table.escrowOf(server, network.name()).size();
                            if (addresses > 0) {
                                escrow.merge(server, addresses, Integer::sum);
                            }
                        })));
        return escrow;
    }

    private <T> T onLoop(Callable<T> task) throws IOException {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            loop.execute(() -> {
                try {
                    answer.complete(task.call());
                } catch (Exception e) {
                    answer.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            throw new IOException("this server is stopping", e);
        }
        return await(answer, LOOP_PATIENCE, "the server's loop");
    }

    private static <T extends @Nullable Object> T await(CompletableFuture<T> answer, Duration patience, String who)
            throws IOException {
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(who + " could not answer: " + cause.getMessage(), cause);
        } catch (TimeoutException e) {
            throw new IOException(who + " did not answer within " + patience.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + who, e);
        }
    }

    /** How many entries this server's copy is behind the newest that a voter knows to be committed. */
    long lagEntries(CellId cell) throws IOException {
        CellReport report =
                await(onLoop(() -> log.report(cell)).toCompletableFuture(), ANSWER_PATIENCE, "the cell's voters");
        long newest = 0;
        long applied = 0;
        for (ReplicaReport replica : report.replicas()) {
            newest = Math.max(newest, replica.committed().value());
            if (replica.server().equals(facts.server())) {
                applied = replica.applied().value();
            }
        }
        return Math.max(0, newest - applied);
    }

    @Override
    public Optional<LeaseView> view(CellId cell) throws IOException {
        if (!log.cells().contains(cell)) {
            return Optional.empty();
        }
        RocksLeaseStore.View view = await(log.view(cell).toCompletableFuture(), VIEW_PATIENCE, "the lease store");
        return Optional.of(new StoredView(view));
    }

    /** A view of the store, as the admin side names it. */
    private record StoredView(RocksLeaseStore.View stored) implements LeaseView {
        @Override
        public LogIndex index() {
            return stored.position().index();
        }

        @Override
        public Iterable<Binding> from(Ipv4 first) {
            return stored.bindings(first);
        }

        @Override
        public void close() {
            stored.close();
        }
    }

    @Override
    public CompletableFuture<Proposal> propose(CellId cell, LeaseCommand command) {
        CompletableFuture<Proposal> settled = new CompletableFuture<>();
        try {
            loop.execute(() -> {
                if (log.cells().contains(cell) || placement.voters(cell).isEmpty()) {
                    log.propose(cell, command, settled::complete);
                } else {
                    proposeElsewhere(cell, command, settled);
                }
            });
        } catch (RejectedExecutionException e) {
            settled.complete(new Proposal.Rejected(Proposal.Rejected.Reason.CLOSED));
        }
        return settled;
    }

    /** Lets a server of a cell propose, since this one has no copy of it. */
    private void proposeElsewhere(CellId cell, LeaseCommand command, CompletableFuture<Proposal> settled) {
        for (ServerId voter : placement.voters(cell)) {
            if (log.links().isUp(voter)) {
                var _ = PeerAnswers.propose(this, voter, cell, command).thenAccept(settled::complete);
                return;
            }
        }
        settled.complete(new Proposal.Unknown());
    }

    @Override
    public CompletableFuture<byte[]> ask(ServerId server, String method, byte[] body) {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        try {
            loop.execute(() -> {
                CompletionStage<byte[]> asked = log.links().call(server, method, body, ANSWER_PATIENCE);
                asked.whenComplete((bytes, failure) -> {
                    if (failure == null) {
                        answer.complete(bytes);
                    } else {
                        answer.completeExceptionally(new IOException(failure.getMessage(), failure));
                    }
                });
            });
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(new IOException("this server is stopping", e));
        }
        return answer;
    }

    @Override
    public Optional<DnsNames> names(CellId cell) throws IOException {
        return log.cells().contains(cell) ? Optional.of(NameReading.of(cell, this::namesPart)) : Optional.empty();
    }

    @Override
    public List<DnsEntry> namesOnRecord(CellId cell) throws IOException {
        return log.cells().contains(cell) ? NameReading.all(cell, this::namesPart) : List.of();
    }

    /** A part of what is on record about DNS, read in one turn of the loop. */
    private NameReading.Part namesPart(CellId cell, Ipv4 first, int most) throws IOException {
        DnsUpkeep names = upkeep;
        return onLoop(() -> new NameReading.Part(
                log.table(cell).dns().from(first, most),
                names == null ? null : names.progress(cell, DnsNames.OPEN_MAX).orElse(null)));
    }

    @Override
    public List<Finding> warnings() {
        return warnings;
    }

    /** What a server is, from its configuration. */
    static Facts facts(Setup setup, Instant started) {
        String version = RunningCluster.class.getPackage().getImplementationVersion();
        return new Facts(
                setup.system().cluster(),
                setup.server().own().id(),
                setup.server().site(),
                version == null ? "development" : version,
                started);
    }
}
