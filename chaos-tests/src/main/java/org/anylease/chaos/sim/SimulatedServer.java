package org.anylease.chaos.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.anylease.chaos.invariant.Fact;
import org.anylease.server.core.CellViews;
import org.anylease.server.core.DhcpService;
import org.anylease.server.core.Effect;
import org.anylease.server.core.Input;
import org.anylease.server.core.LocalServer;
import org.anylease.server.event.Level;
import org.anylease.server.partition.PeerMessage;
import org.anylease.server.port.ProbeResult;
import org.anylease.server.port.Reply;
import org.anylease.server.wire.EncodeLimits;
import org.anylease.server.wire.Packet;
import org.anylease.server.wire.PacketCodec;
import org.anylease.store.address.Ipv4;
import org.anylease.store.alone.JournalRecord;
import org.anylease.store.alone.PromiseJournal;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.Incarnation;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.PromiseRule;
import org.anylease.store.replication.LeaseLog;
import org.anylease.store.replication.QuorumState;
import org.anylease.store.state.Applied;
import org.anylease.store.state.LeaseTable;
import org.jspecify.annotations.Nullable;

/** One server: the real core, in a shell of simulated sockets, timers, probes and log. */
final class SimulatedServer {
    private static final Duration ROUND_TRIP_MAX = Duration.ofMillis(20);

    private final Site site;
    private final ServerDisk disk;
    private final World world;
    private final SimulatedCluster cluster;
    private final RandomGenerator random;
    private final byte[] buffer = new byte[PacketCodec.DATAGRAM_BYTES_MAX];
    private @Nullable Running running;

    SimulatedServer(Site site, ServerDisk disk, World world, SimulatedCluster cluster) {
        this.site = site;
        this.disk = disk;
        this.world = world;
        this.cluster = cluster;
        random = world.dice().fork("server " + site.server());
        cluster.network().listen(site.server(), datagram -> {
            Running now = running;
            if (now != null) {
                now.received(datagram);
            }
        });
    }

    ServerId id() {
        return site.server();
    }

    boolean isUp() {
        return running != null;
    }

    void start() {
        disk.started();
        world.links().up(id());
        world.facts().accept(new Fact.ServerTurned(id(), true));
        Running next = new Running();
        running = next;
        next.log.open();
        next.seen.observe(next);
        next.input(new Input.Started());
        world.trace().line(id(), "starts at entry " + cluster.appliedAt(id()));
    }

    void crash() {
        Running last = running;
        if (last != null) {
            world.trace().line(id(), "crashes");
            running = null;
            world.links().down(id());
            last.log.close();
            disk.journal().crash();
            cluster.rafts().values().forEach(raft -> raft.crash(id()));
            world.facts().accept(new Fact.ServerTurned(id(), false));
        }
    }

    /** Puts another disk in, while the server is down. */
    void replaceDisk() {
        world.trace().line(id(), "gets an empty disk");
        disk.replace(new Incarnation(id(), random.nextLong()));
        cluster.rafts().values().forEach(raft -> raft.wipe(id()));
        world.facts().accept(new Fact.DiskReplaced(id()));
    }

    ServerDisk disk() {
        return disk;
    }

    /** Whether its clock may be wrong, as far as it knows. */
    boolean mistrustsClock() {
        Running now = running;
        return now != null && !now.clock.isTrusted();
    }

    /** Another server's word, which is lost on one that is down. */
    void said(CellId cell, ServerId from, PeerMessage message) {
        Running now = running;
        if (now != null) {
            now.said(cell, from, message);
        }
    }

    /** The log as the core sees it. */
    LeaseLog log() {
        Running now = running;
        if (now == null) {
            throw new IllegalStateException(id() + " is down");
        }
        return now.seen;
    }

    /** One life of the server, from a start to a crash. */
    private final class Running implements LeaseLog.Observer {
        private final SimulatedLeaseLog log;
        private final LeaseLog seen;
        private final DhcpService service;
        private final List<Effect> effects = new ArrayList<>();
        private final TreeMap<CellId, PromiseJournal> images = new TreeMap<>();
        private final ClockWatch clock;

        Running() {
            clock = new ClockWatch(id(), world);
            log = new SimulatedLeaseLog(disk, cluster.rafts(), cluster.skew(), world);
            log.compare(apart -> clock.compared(apart, cluster.skew()));
            seen = world.tampering().logOf(id(), log, cluster);
            TreeMap<String, List<Ipv4>> interfaces = new TreeMap<>();
            interfaces.put(SimulatedNetwork.INTERFACE, List.of(site.linkAddress()));
            service = new DhcpService(LocalServer.of(id(), interfaces), CellViews.of(seen), disk.journal()::load);
            for (CellId cell : seen.cells()) {
                images.put(cell, found(cell));
            }
            world.facts().accept(new Fact.Started(id()));
        }

        /** What the disk has. An append that a crash overtook may be on it. */
        private PromiseJournal found(CellId cell) {
            PromiseJournal found = disk.journal().load(cell);
            found.pending().forEach(promise -> world.facts().accept(new Fact.PromiseDurable(id(), cell, promise)));
            world.facts().accept(new Fact.ReportDurable(id(), cell, found.reported(), found.reported(), 0));
            return found;
        }

        void input(Input input) {
            if (running != this) {
                return;
            }
            if (clock.look()) {
                takes(new Input.ClockTrusted(clock.isTrusted(), clock.reason()));
            }
            takes(input);
        }

        private void takes(Input input) {
            if (running != this) {
                return;
            }
            service.on(input, world.clock(id()), effects::add);
            List<Effect> now = List.copyOf(effects);
            effects.clear();
            for (Effect effect : now) {
                // An effect may end the server.
                if (running == this) {
                    carryOut(world.tampering().effect(id(), effect, cluster));
                }
            }
        }

        void received(SimulatedNetwork.Datagram datagram) {
            Packet packet = SimulatedNetwork.decode(datagram.bytes());
            world.trace().line(id(), "hears " + Tale.of(packet));
            world.facts().accept(new Fact.RequestHeard(id(), packet, allowed(packet)));
            input(new Input.PacketArrived(packet, datagram.arrival()));
        }

        private void carryOut(Effect effect) {
            switch (effect) {
                case Effect.SendReply(Packet packet, Reply way, EncodeLimits limits, var _) ->
                    send(packet, way, limits);
                case Effect.StartProbe(long token, Ipv4 address, Duration timeout) -> probe(token, address, timeout);
                case Effect.Propose(long token, CellId cell, LeaseCommand command, var validUntil) ->
                    seen.propose(
                            cell, command, validUntil, proposal -> input(new Input.ProposalSettled(token, proposal)));
                case Effect.AppendJournal(long token, CellId cell, var basedOn, var records) ->
                    append(token, cell, basedOn, records);
                case Effect.SendPeer(CellId cell, ServerId to, var message) -> {
                    world.trace().line(id(), "says to " + to + ": " + message);
                    if (message instanceof PeerMessage.Report(LogIndex index)) {
                        PromiseJournal written = disk.journal().load(cell);
                        world.facts()
                                .accept(new Fact.Reported(
                                        id(), cell, index, written.reported(), written.pendingCount()));
                        world.count("reports");
                    }
                    cluster.words().say(id(), to, cell, message);
                }
                case Effect.SetTimer(long token, Duration delay) ->
                    world.queue().after(delay, () -> input(new Input.TimerFired(token)));
                case Effect.Report(var event, String subject) -> {
                    world.count(event.name());
                    if (event.level() != Level.COUNTED) {
                        world.trace().line(id(), "notes " + event.id() + ": " + subject);
                    }
                }
                case Effect.PacketEnded _, Effect.Do _ -> {}
                case Effect.TrippedOver(RuntimeException defect) -> throw defect;
            }
        }

        void said(CellId cell, ServerId from, PeerMessage message) {
            input(new Input.PeerSaid(cell, from, message));
        }

        private void append(long token, CellId cell, LogIndex basedOn, List<JournalRecord> records) {
            LeaseTable table = log.table(cell);
            for (JournalRecord record : records) {
                world.trace().line(id(), "appends " + record);
                if (record instanceof JournalRecord.Promise promise) {
                    world.count("alone " + promise.rule() + " " + promise.ending());
                    world.facts()
                            .accept(new Fact.PromisedAlone(
                                    id(),
                                    cell,
                                    promise,
                                    new Fact.View(
                                            basedOn,
                                            table.binding(promise.address()).orElse(null),
                                            table.config().orElseThrow(),
                                            table.declaredDown().containsKey(id()),
                                            world.clock(id()))));
                }
            }
            PromiseJournal image = images.computeIfAbsent(cell, disk.journal()::load);
            int pending = image.pendingCount();
            boolean taken = image.append(basedOn, records);
            if (!taken) {
                throw new IllegalStateException(id() + " appends what its journal refuses: " + records);
            }
            if (world.tampering().believesInSync()) {
                world.queue().after(Duration.ZERO, () -> input(new Input.JournalSynced(token)));
            }
            disk.journal().append(cell, records, durable -> {
                if (durable) {
                    for (JournalRecord record : records) {
                        if (record instanceof JournalRecord.Promise promise) {
                            world.facts().accept(new Fact.PromiseDurable(id(), cell, promise));
                        } else if (record instanceof JournalRecord.Reported(LogIndex index)) {
                            world.facts().accept(new Fact.ReportDurable(id(), cell, index, basedOn, pending));
                        }
                    }
                    if (!world.tampering().believesInSync()) {
                        input(new Input.JournalSynced(token));
                    }
                } else {
                    world.trace().line(id(), "cannot write its journal");
                    world.count("failed appends");
                    crash();
                }
            });
        }

        /** By which rule the server could answer out of its own state, as one sees it who looks into it. */
        private @Nullable PromiseRule allowed(Packet packet) {
            return clock.isTrusted() && !disk.journal().isSlow()
                    ? new Allowed(id(), log, images, world.clock(id()), cluster::answersPing).of(packet)
                    : null;
        }

        private void send(Packet packet, Reply way, EncodeLimits limits) {
            int length = PacketCodec.encode(packet, limits, buffer).length();
            byte[] bytes = world.tampering().sending(id(), Arrays.copyOf(buffer, length));
            Packet sent = SimulatedNetwork.decode(bytes);
            world.trace().line(id(), "sends " + Tale.of(sent));
            world.facts().accept(new Fact.ReplySent(id(), sent));
            cluster.replied(id(), sent);
            cluster.network().reply(way, bytes);
        }

        private void probe(long token, Ipv4 address, Duration timeout) {
            Duration roundTrip = Dice.between(random, Duration.ofMillis(1), ROUND_TRIP_MAX);
            boolean trouble = Dice.chance(random, world.conditions().probeTrouble());
            if (trouble) {
                ProbeResult result = random.nextBoolean()
                        ? new ProbeResult.LocalError("EPERM (operation not permitted)")
                        : new ProbeResult.Unreachable(site.own(), 1);
                world.queue().after(roundTrip, () -> input(new Input.ProbeFinished(token, result)));
            } else if (cluster.answersPing(address)) {
                world.queue()
                        .after(
                                roundTrip,
                                () -> input(new Input.ProbeFinished(token, new ProbeResult.Answered(roundTrip))));
            } else {
                world.queue().after(timeout, () -> input(new Input.ProbeFinished(token, new ProbeResult.Silent())));
            }
        }

        @Override
        public void applied(CellId cell, Applied applied) {
            if (applied.configChanged()) {
                input(new Input.CellChanged(cell));
            }
        }

        @Override
        public void reloaded(CellId cell) {
            input(new Input.CellChanged(cell));
        }

        @Override
        public void quorumChanged(CellId cell, QuorumState state) {
            world.trace().line(id(), state.reachable() ? "hears of leader " + state.leader() : "hears of no leader");
            input(new Input.QuorumChanged(cell, state));
        }
    }
}
