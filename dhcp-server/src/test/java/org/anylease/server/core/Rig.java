package org.anylease.server.core;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.anylease.server.action.Act;
import org.anylease.server.event.ServerEvent;
import org.anylease.server.leasequery.Requesters;
import org.anylease.server.partition.PeerMessage;
import org.anylease.server.port.Arrival;
import org.anylease.server.port.Destination;
import org.anylease.server.port.ProbeResult;
import org.anylease.server.wire.Decoded;
import org.anylease.server.wire.EncodeLimits;
import org.anylease.server.wire.Encoded;
import org.anylease.server.wire.Packet;
import org.anylease.server.wire.PacketCodec;
import org.anylease.store.address.Ipv4;
import org.anylease.store.alone.JournalRecord;
import org.anylease.store.alone.PromiseJournal;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.ReplySettings;
import org.anylease.store.replication.Proposal;
import org.anylease.store.replication.QuorumState;
import org.anylease.store.state.LeaseTable;
import org.jspecify.annotations.Nullable;

/**
 * One service with everything around it scripted: the test says when a proposal settles and how a probe ends. Replies
 * go through the codec and back, so that tests see what a client sees.
 *
 * <p>What tests with it do not prove: that ports keep their contracts, that the log orders as {@link SharedCell} does,
 * anything about partitions.
 */
final class Rig {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    final ArrayDeque<Effect.Propose> proposals = new ArrayDeque<>();
    final ArrayDeque<Effect.StartProbe> probes = new ArrayDeque<>();
    final ArrayDeque<Effect.AppendJournal> appends = new ArrayDeque<>();
    final ArrayDeque<Effect.SendPeer> said = new ArrayDeque<>();
    /** What the disk held when the process began: a journal that has begun. */
    final PromiseJournal journal;

    private final TreeMap<Long, Instant> timers = new TreeMap<>();
    boolean reachable;
    LogIndex durable = LogIndex.NONE;
    final List<Sent> sent = new ArrayList<>();
    final Map<ServerEvent, Integer> counted = new EnumMap<>(ServerEvent.class);
    final List<Effect.Report> reports = new ArrayList<>();
    final List<Effect.PacketEnded> ended = new ArrayList<>();
    final List<Act> acts = new ArrayList<>();
    final SharedCell cell;
    final ServerId self;
    private final LeaseTable table = new LeaseTable(Configs.CELL);
    private final DhcpService service;
    private Instant now = START;
    private long tick;
    private boolean lagging;
    private int received;
    private Predicate<Effect> tripwire = _ -> false;
    private boolean defectsExpected;
    final List<RuntimeException> defects = new ArrayList<>();
    ServerId leader = new ServerId("a");

    /** A reply as it left. */
    record Sent(Packet packet, int endpoint, Destination to, EncodeLimits limits, Instant asked) {}

    Rig(String name, SharedCell cell, int exchangesMax) {
        this(name, cell, exchangesMax, ReplySettings.NONE);
    }

    Rig(String name, SharedCell cell, int exchangesMax, ReplySettings boot) {
        this(name, cell, exchangesMax, boot, begun(), true, Limits.NONE, Requesters.NOBODY);
    }

    private static PromiseJournal begun() {
        return PromiseJournal.restore(List.of(new JournalRecord.Born(LogIndex.NONE, Instant.EPOCH)));
    }

    /** A server that starts with what its disk holds. */
    static Rig restarted(SharedCell cell, PromiseJournal journal, boolean reachable) {
        return new Rig(
                "a",
                cell,
                ExchangeBook.EXCHANGES_MAX,
                ReplySettings.NONE,
                journal,
                reachable,
                Limits.NONE,
                Requesters.NOBODY);
    }

    private Rig(
            String name,
            SharedCell cell,
            int exchangesMax,
            ReplySettings boot,
            PromiseJournal journal,
            boolean reachable,
            Limits limits,
            Requesters requesters) {
        this.journal = journal;
        this.reachable = reachable;
        self = new ServerId(name);
        this.cell = cell;
        SortedMap<String, List<Ipv4>> interfaces = new TreeMap<>();
        interfaces.put("eth1", List.of(Ipv4.parse("10.0.0.2")));
        interfaces.put("eth9", List.of(Ipv4.parse("172.31.0.2")));
        service = new DhcpService(
                LocalServer.of(self, interfaces).booting(boot).limitedBy(limits).answering(requesters),
                new Views(),
                _ -> journal,
                exchangesMax);
        cell.replay(table);
        hear(new Input.Started());
    }

    static Rig limited(Limits limits) {
        SharedCell cell = new SharedCell();
        cell.configure(Configs.standard(), START);
        return new Rig(
                "a", cell, ExchangeBook.EXCHANGES_MAX, ReplySettings.NONE, begun(), true, limits, Requesters.NOBODY);
    }

    static Rig standard() {
        return of(Configs.standard());
    }

    static Rig of(CellConfig config) {
        SharedCell cell = new SharedCell();
        cell.configure(config, START);
        return new Rig("a", cell, ExchangeBook.EXCHANGES_MAX);
    }

    /** A server that answers lease queries. */
    static Rig of(CellConfig config, Requesters requesters) {
        SharedCell cell = new SharedCell();
        cell.configure(config, START);
        return new Rig(
                "a", cell, ExchangeBook.EXCHANGES_MAX, ReplySettings.NONE, begun(), true, Limits.NONE, requesters);
    }

    private final class Views implements CellViews {
        @Override
        public List<CellId> cells() {
            return List.of(Configs.CELL);
        }

        @Override
        public LeaseTable table(CellId id) {
            return table;
        }

        @Override
        public LogIndex durable(CellId id) {
            return durable;
        }

        @Override
        public QuorumState quorum(CellId id) {
            return new QuorumState(reachable ? leader : null, reachable, START);
        }
    }

    void hear(Input input) {
        if (!lagging) {
            cell.replay(table);
        }
        service.on(input, now, this::effect);
    }

    private void effect(Effect effect) {
        if (tripwire.test(effect)) {
            tripwire = _ -> false;
            throw new IllegalStateException("tripped on purpose over " + effect);
        }
        switch (effect) {
            case Effect.SendReply reply -> sent.add(onTheWire(reply));
            case Effect.StartProbe probe -> probes.add(probe);
            case Effect.Propose propose -> proposals.add(propose);
            case Effect.AppendJournal append -> appends.add(append);
            case Effect.SendPeer send -> said.add(send);
            case Effect.SetTimer timer -> {
                tick = timer.delay().equals(Expiring.PERIOD) ? timer.token() : tick;
                timers.put(timer.token(), now.plus(timer.delay()));
            }
            case Effect.Report report -> {
                counted.merge(report.event(), 1, Integer::sum);
                reports.add(report);
            }
            case Effect.PacketEnded packet -> ended.add(packet);
            case Effect.Do(Act act) -> acts.add(act);
            case Effect.TrippedOver(RuntimeException defect) -> {
                if (!defectsExpected) {
                    throw defect;
                }
                defects.add(defect);
            }
        }
    }

    private static Sent onTheWire(Effect.SendReply reply) {
        byte[] datagram = new byte[reply.limits().datagramBytesMax()];
        Encoded encoded = PacketCodec.encode(reply.packet(), reply.limits(), datagram);
        if (PacketCodec.decode(datagram, 0, encoded.length()) instanceof Decoded.Ok(Packet packet)) {
            return new Sent(packet, reply.way().endpoint(), reply.way().to(), reply.limits(), reply.asked());
        }
        throw new AssertionError("a reply that nobody can read: " + reply.packet());
    }

    int count(ServerEvent event) {
        return counted.getOrDefault(event, 0);
    }

    Instant now() {
        return now;
    }

    LeaseTable table() {
        cell.replay(table);
        return table;
    }

    /** Keeps this server's copy as it is, until told otherwise. */
    void lag(boolean behind) {
        lagging = behind;
    }

    /** Has the first effect of a kind throw where it is carried out, as a defect there would. */
    void trip(Class<? extends Effect> kind) {
        expectDefects();
        tripwire = kind::isInstance;
    }

    /** Collects defects, which otherwise fail the test. */
    void expectDefects() {
        defectsExpected = true;
    }

    /** Lets time pass without the tick. */
    void sleep(Duration duration) {
        now = now.plus(duration);
    }

    /** Lets time pass, and the tick fire. */
    void wake(Duration duration) {
        sleep(duration);
        timers.remove(tick);
        hear(new Input.TimerFired(tick));
    }

    /** Lets time pass, and every timer fire that runs out meanwhile, when it does. */
    void pass(Duration duration) {
        Instant end = now.plus(duration);
        for (Long next = earliest(end); next != null; next = earliest(end)) {
            Instant due = Objects.requireNonNull(timers.remove(next));
            now = due.isAfter(now) ? due : now;
            hear(new Input.TimerFired(next));
        }
        now = end;
    }

    private @Nullable Long earliest(Instant end) {
        Long first = null;
        for (Map.Entry<Long, Instant> timer : timers.entrySet()) {
            if (!timer.getValue().isAfter(end)
                    && (first == null || timer.getValue().isBefore(timers.get(first)))) {
                first = timer.getKey();
            }
        }
        return first;
    }

    /** Cuts the server off, or joins it again. */
    void reach(boolean quorum) {
        reachable = quorum;
        hear(new Input.QuorumChanged(Configs.CELL, new QuorumState(quorum ? leader : null, quorum, now)));
    }

    /** Makes the oldest append durable. */
    Effect.AppendJournal sync() {
        Effect.AppendJournal append = appends.remove();
        hear(new Input.JournalSynced(append.token()));
        return append;
    }

    /** Hears another server. */
    void said(String from, PeerMessage message) {
        hear(new Input.PeerSaid(Configs.CELL, new ServerId(from), message));
    }

    DhcpService service() {
        return service;
    }

    /** How many packets came in of which nobody knows yet what becomes of them. */
    int open() {
        return received - ended.size();
    }

    void receive(Packet packet, Arrival arrival) {
        received++;
        hear(new Input.PacketArrived(packet, arrival));
    }

    /** Commits the oldest proposal. */
    Proposal.Committed commit() {
        Effect.Propose propose = proposals.remove();
        Proposal.Committed committed = cell.commit(self, propose.command(), now);
        hear(new Input.ProposalSettled(propose.token(), committed));
        return committed;
    }

    /** Lets the oldest proposal come to something else. */
    void settle(Proposal proposal) {
        hear(new Input.ProposalSettled(proposals.remove().token(), proposal));
    }

    /** Ends the oldest probe. */
    void probed(ProbeResult result) {
        hear(new Input.ProbeFinished(probes.remove().token(), result));
    }

    void silent() {
        probed(new ProbeResult.Silent());
    }

    void answered() {
        probed(new ProbeResult.Answered(Duration.ofMillis(1)));
    }

    /** Commits everything and makes it durable, with every probe silent, until nothing is awaited. */
    void run() {
        while (!proposals.isEmpty() || !probes.isEmpty() || !appends.isEmpty()) {
            if (!appends.isEmpty()) {
                sync();
            } else if (!proposals.isEmpty()) {
                commit();
            } else {
                silent();
            }
        }
    }

    /** The one reply that has left since the last call. */
    Sent reply() {
        if (sent.size() != 1) {
            throw new AssertionError("expected one reply, not " + sent + " after " + reports);
        }
        return sent.removeFirst();
    }

    /** Sends a packet, runs everything, and gives the one reply. */
    Packet ask(Packet packet, Arrival arrival) {
        receive(packet, arrival);
        run();
        return reply().packet();
    }
}
