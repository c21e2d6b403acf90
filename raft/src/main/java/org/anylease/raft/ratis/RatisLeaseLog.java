package org.anylease.raft.ratis;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ScheduledFuture;
import java.util.random.RandomGenerator;
import org.anylease.raft.disk.DataDirectory;
import org.anylease.raft.disk.RecoveryMark;
import org.anylease.raft.event.RaftEvent;
import org.anylease.raft.event.RaftEventListener;
import org.anylease.raft.link.LinkTransport;
import org.anylease.raft.link.PeerLinks;
import org.anylease.raft.liveness.CellReport;
import org.anylease.raft.liveness.Contact;
import org.anylease.raft.liveness.QuorumWatch;
import org.anylease.raft.loop.ServerLoop;
import org.anylease.raft.membership.Peer;
import org.anylease.raft.membership.RaftSettings;
import org.anylease.raft.proposal.CellPipeline;
import org.anylease.raft.proposal.ForwardAnswer;
import org.anylease.raft.proposal.ForwardedBatch;
import org.anylease.raft.proposal.ProposalLimits;
import org.anylease.raft.proposal.Route;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.Incarnation;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.codec.UnreadableException;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.replication.LeaseLog;
import org.anylease.store.replication.Proposal;
import org.anylease.store.replication.QuorumState;
import org.anylease.store.rocks.RocksLeaseStore;
import org.anylease.store.state.LeaseTable;
import org.apache.ratis.statemachine.StateMachine;
import org.jspecify.annotations.Nullable;

/**
 * The replicated log over Apache Ratis.
 *
 * <p>Confined to the server's loop but where a method says otherwise. Ratis' threads hand entries over to the loop,
 * which applies them; a thread for each cell stores what changed. A server that leads a cell gathers the batches of
 * all servers into entries and appends them in this process; one that does not sends its batches to the leader over
 * the link, and learns their outcome from the leader's answer or from its own copy, whichever is first.
 */
public final class RatisLeaseLog implements LeaseLog, AutoCloseable {
    private static final Duration TICK = Duration.ofMillis(10);
    private static final int TICKS_PER_WATCH = 5;
    private static final int TICKS_PER_PULSE = 100;
    private static final int TICKS_PER_SPREAD = 500;

    private final RaftSettings settings;
    private final ServerLoop loop;
    private final InstantSource clock;
    private final ClockWatch clockWatch;
    private final RaftEventListener events;
    private final DataDirectory data;
    private final PeerLinks links;
    private final RatisNode node;
    private final Admission admission;
    private final Presence presence;
    private final CellReports reports;
    private final Leadership leadership;
    private final CellVerifier verifier;
    private final MembershipDriver membership;
    private final EpochGuard epochs;
    private final CellOperations operations;
    /** Grows on Ratis' threads when groups are added, read on the loop. */
    private final Map<CellId, Cell> cells = new ConcurrentSkipListMap<>();

    private final CellMembers members = new CellMembers();

    private @Nullable Observer observer;
    private @Nullable ScheduledFuture<?> ticker;
    private int ticks;
    private volatile boolean closed;

    private RatisLeaseLog(
            RaftSettings settings,
            ServerLoop loop,
            LinkTransport transport,
            InstantSource clock,
            RaftEventListener events,
            DataDirectory data)
            throws IOException {
        this.settings = settings;
        this.loop = loop;
        this.clock = clock;
        this.events = events;
        this.data = data;
        this.members.tell(data.cells());
        this.members.tell(settings.cells());
        this.links = PeerLinks.start(settings, data.incarnation(), loop, transport, events);
        // Before the node, on whose threads groups are made.
        this.clockWatch = new ClockWatch(settings.server(), links, members::voters, cells, clock, events);
        try {
            this.node = new RatisNode(settings, data, members.told().keySet(), this::newCell);
        } catch (IOException | RuntimeException e) {
            loop.perform(links::close);
            throw e;
        }
        this.members.begin(node);
        this.admission = new Admission(settings, data, node, loop, links, members, events);
        this.presence = new Presence(links, node);
        this.reports = new CellReports(settings.server(), node, links, cells);
        this.leadership = new Leadership(settings.server(), node, links, cells, clock, clockWatch, events);
        this.verifier = new CellVerifier(settings.server(), loop, links, cells, reports, members::all);
        this.membership = new MembershipDriver(
                settings.server(), loop, node, links, cells, members, leadership, admission, events);
        this.epochs = new EpochGuard(settings.server(), data, links, cells, events);
        this.operations = new CellOperations(node, loop, cells, clockWatch, leadership, verifier, membership);
    }

    /**
     * Opens the data directory and takes part in the cells. Blocks until this server's copies are read: not to be
     * called on the loop, which must be running.
     *
     * @param settings cluster, server, peers and cells
     * @param loop the server's loop, and who hears when something on it fails
     * @param transport the channels that go with it
     * @param clock stamps entries, and says since when a quorum is reachable
     * @param random draws the incarnation of a new data directory
     * @param events hears what an operator may want to know
     * @return the log
     * @throws IOException with a message that says what is wrong and what to do
     */
    public static RatisLeaseLog start(
            RaftSettings settings,
            ServerLoop loop,
            LinkTransport transport,
            InstantSource clock,
            RandomGenerator random,
            RaftEventListener events)
            throws IOException {
        DataDirectory data =
                DataDirectory.open(settings.dataDirectory(), settings.cluster(), settings.server(), random);
        RatisLeaseLog log;
        try {
            log = new RatisLeaseLog(settings, loop, transport, clock, events, data);
        } catch (IOException | RuntimeException e) {
            data.close();
            throw e;
        }
        try {
            log.begin();
            return log;
        } catch (IOException | RuntimeException e) {
            try {
                log.close();
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    private void begin() throws IOException {
        loop.perform(() -> {
            links.handle(LogOutlet.PROPOSE, this::proposedBy);
            reports.handle();
            admission.handle();
            presence.handle();
            clockWatch.handle();
            verifier.handle();
            membership.handle();
            epochs.handle();
            links.onChange(this::linkChanged);
            ticker = loop.every(TICK, this::tick);
        });
        node.start();
        for (CellId cell : members.told().keySet()) {
            RecoveryMark mark = data.recovering(cell).orElse(null);
            if (mark != null) {
                new RecoveryEnd(settings.server(), data, node, loop, cells, events).of(cell, mark);
            }
        }
        loop.perform(() -> {
            presence.begin(settings.peers().keySet());
            epochs.askAll();
        });
        for (Map.Entry<CellId, List<ServerId>> cell : members.told().entrySet()) {
            if (node.hasGroup(cell.getKey())) {
                data.keep(cell.getKey(), cell.getValue());
            } else {
                CompletableFuture<@Nullable Void> joined = admission.join(cell.getKey(), cell.getValue());
                if (cell.getValue().size() == 1) {
                    await(joined);
                }
            }
        }
    }

    private static void await(CompletableFuture<@Nullable Void> joined) throws IOException {
        try {
            joined.join();
        } catch (CompletionException e) {
            throw new IOException(RatisNode.deepest(e), e);
        }
    }

    /** Called by Ratis, on its own threads, when a group starts. */
    private StateMachine newCell(CellId id) {
        CellFiles files = new CellFiles(data.cell(id), settings.cluster(), id);
        SnapshotDirectory snapshots = new SnapshotDirectory(settings.snapshots().retained());
        StateWriter writer = new StateWriter(id, files, snapshots);
        ReplicaWire wire =
                new ReplicaWire(() -> node, loop, cells, () -> observer, this::watch, this::expelled, events);
        CellReplica replica = new CellReplica(id, loop, writer, settings.snapshots(), wire, events);
        CellPipeline pipeline = new CellPipeline(
                id,
                data.incarnation(),
                data.firstSequence(),
                loop,
                clockWatch.stamps(id),
                new LogOutlet(() -> node, loop, links, settings.timers()),
                settings.timers(),
                ProposalLimits.STANDARD);
        QuorumWatch watch = new QuorumWatch(settings.timers().electionMax(), clock.instant());
        cells.put(id, new Cell(id, replica, writer, snapshots, pipeline, watch));
        return new CellStateMachine(id, loop, replica, writer, snapshots, wire, events);
    }

    private void expelled(CellId cell) {
        membership.expelled(cell);
    }

    RatisNode node() {
        return node;
    }

    @Override
    public void propose(CellId cell, LeaseCommand command, @Nullable Instant validUntil, ProposalListener listener) {
        Cell known = cells.get(cell);
        if (known == null) {
            loop.execute(() -> listener.settled(new Proposal.Rejected(
                    closed ? Proposal.Rejected.Reason.CLOSED : Proposal.Rejected.Reason.NO_SUCH_CELL)));
        } else {
            known.pipeline().propose(command, validUntil, listener);
        }
    }

    @Override
    public List<CellId> cells() {
        return List.copyOf(cells.keySet());
    }

    @Override
    public LeaseTable table(CellId cell) {
        return cell(cell).replica().table();
    }

    @Override
    public LogIndex durable(CellId cell) {
        return cell(cell).snapshots().latestIndex();
    }

    @Override
    public QuorumState quorum(CellId cell) {
        return cell(cell).watch().state();
    }

    @Override
    public void observe(Observer newObserver) {
        observer = newObserver;
    }

    private Cell cell(CellId id) {
        Cell cell = cells.get(id);
        if (cell == null) {
            throw new IllegalArgumentException("server " + settings.server() + " has no copy of cell " + id);
        }
        return cell;
    }

    /**
     * This server with its disk.
     *
     * @return the origin of its batches; from any thread
     */
    public Incarnation incarnation() {
        return data.incarnation();
    }

    /**
     * The connections to the other servers, for questions of the admin side.
     *
     * @return the links; from any thread, but to be used on the loop
     */
    public PeerLinks links() {
        return links;
    }

    /**
     * What an operator, or the server itself at its start, may ask of the cells beyond proposing.
     *
     * @return the operations; from any thread
     */
    public CellOperations operations() {
        return operations;
    }

    /**
     * How many commands wait here for a cell.
     *
     * @param cell one of {@link #cells()}
     * @return those not yet under way
     */
    public int pendingCommands(CellId cell) {
        return cell(cell).pipeline().pendingCommands();
    }

    /**
     * Takes part in a cell that is new. Every voter must do so, with the same voters. It goes on at the next start,
     * whatever the settings name then.
     *
     * @param cell the cell
     * @param voters its voters, this server among them
     * @return completes when this server's copy is there, on any thread; may be called from any thread but the loop,
     *     since it waits for the disk
     */
    public CompletionStage<@Nullable Void> addCell(CellId cell, List<ServerId> voters) {
        return admission.join(cell, voters);
    }

    /**
     * Takes in where the servers of the cluster are, as a configuration says that came into force: connections to new
     * ones are made and accepted, and to moved ones made anew. Those that are not named any more are let go once they
     * take part in no cell. On the loop.
     *
     * @param peers all servers of the cluster but this one
     */
    public void peersAre(Collection<Peer> peers) {
        node.admit(peers);
        peers.forEach(links::admit);
        TreeSet<ServerId> gone = new TreeSet<>(links.peers());
        peers.forEach(peer -> gone.remove(peer.server()));
        cells.keySet().forEach(cell -> gone.removeAll(members.all(cell)));
        gone.forEach(links::dismiss);
    }

    /**
     * A consistent view of a cell's stored state, with all that is applied by now.
     *
     * @param cell one of {@link #cells()}
     * @return the view, to be closed by the caller; may be called from any thread, completes on any
     */
    public CompletionStage<RocksLeaseStore.View> view(CellId cell) {
        Cell known = cell(cell);
        return known.replica().drain().thenCompose(stored -> known.writer().view());
    }

    /**
     * Takes a snapshot of this server's copy, and lets the log before it go.
     *
     * @param cell one of {@link #cells()}
     * @return the last entry in it; may be called from any thread, completes on the loop
     */
    public CompletionStage<LogIndex> snapshot(CellId cell) {
        Cell known = cell(cell);
        return known.replica()
                .drain()
                .thenComposeAsync(stored -> known.replica().snapshot(), loop);
    }

    /**
     * Hands a cell that this server leads over to another voter.
     *
     * @param cell one of {@link #cells()}
     * @param to the new leader
     * @return completes when it leads, on any thread; may be called from any thread
     */
    public CompletionStage<@Nullable Void> transferLeadership(CellId cell, ServerId to) {
        return leadership.transfer(cell, to);
    }

    /**
     * Asks every voter of a cell what it says of its copy.
     *
     * @param cell the cell
     * @return what they said within two seconds, on the loop
     */
    public CompletionStage<CellReport> report(CellId cell) {
        return reports.gather(cell, members.all(cell));
    }

    private CompletionStage<byte[]> proposedBy(ServerId from, byte[] body) {
        try {
            ForwardedBatch batch = ForwardedBatch.decode(body);
            Cell cell = cells.get(batch.cell());
            if (cell == null || closed) {
                return CompletableFuture.completedFuture(new ForwardAnswer.NotLeader().encode());
            }
            return cell.pipeline().forwarded(batch).thenApply(ForwardAnswer::encode);
        } catch (UnreadableException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void tick() {
        boolean watch = ++ticks % TICKS_PER_WATCH == 0;
        for (Cell cell : cells.values()) {
            cell.pipeline().tick();
            if (watch) {
                watch(cell.id());
            }
        }
        if (ticks % TICKS_PER_PULSE == 0) {
            clockWatch.askAll();
            leadership.leaveWhatItShouldNotLead();
            membership.look();
        }
        if (ticks % TICKS_PER_SPREAD == 0) {
            leadership.spread();
            epochs.askAll();
        }
    }

    private void linkChanged(ServerId peer) {
        cells.keySet().forEach(this::watch);
    }

    /** Looks at who leads a cell, directs its batches there, and tells the observer what has changed. */
    private void watch(CellId id) {
        Cell cell = cells.get(id);
        if (cell == null || closed) {
            return;
        }
        Contact contact = node.contact(id);
        if (cell.replica().failure() != null) {
            contact = new Contact(null, false, Duration.ZERO, 0, contact.voters());
        }
        ServerId before = cell.watch().state().leader();
        cell.watch().heard(contact, clock.instant()).ifPresent(state -> {
            if (!Objects.equals(before, state.leader())) {
                events.heard(new RaftEvent.LeaderChanged(id, state.leader()));
            }
            if (observer != null) {
                observer.quorumChanged(id, state);
            }
        });
        clockWatch.judge(id);
        cell.pipeline().routeChanged(routeOf(contact));
    }

    private Route routeOf(Contact contact) {
        if (contact.leading()) {
            return new Route.Here();
        }
        ServerId leader = contact.leader();
        if (leader == null || leader.equals(settings.server()) || !links.isUp(leader)) {
            return new Route.Nowhere();
        }
        return new Route.There(leader);
    }

    /**
     * Hands over what it leads, stores what is applied, and ends. Blocks: not to be called on the loop, which must go
     * on running until this returns.
     */
    @Override
    public void close() throws IOException {
        if (loop.inLoop()) {
            throw new IllegalStateException("the log must not be closed on the loop, which it waits for");
        }
        leadership.handOver();
        loop.perform(() -> {
            closed = true;
            admission.close();
            if (ticker != null) {
                ticker.cancel(false);
            }
            cells.values().forEach(cell -> cell.pipeline().close());
        });
        try {
            node.close();
        } finally {
            loop.perform(links::close);
            data.close();
        }
    }
}
