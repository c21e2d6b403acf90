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
import org.anylease.server.partition.PeerMessage;
import org.anylease.server.port.ProbeResult;
import org.anylease.server.port.Reply;
import org.anylease.server.wire.EncodeLimits;
import org.anylease.server.wire.Packet;
import org.anylease.server.wire.PacketCodec;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.replication.LeaseLog;
import org.anylease.store.replication.QuorumState;
import org.anylease.store.state.Applied;
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
            cluster.rafts().values().forEach(raft -> raft.crash(id()));
        }
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

        Running() {
            log = new SimulatedLeaseLog(disk, cluster.rafts(), cluster.skew(), world);
            seen = world.tampering().logOf(id(), log, cluster);
            TreeMap<String, List<Ipv4>> interfaces = new TreeMap<>();
            interfaces.put(SimulatedNetwork.INTERFACE, List.of(site.linkAddress()));
            service = new DhcpService(LocalServer.of(id(), interfaces), CellViews.of(seen), disk::journal);
        }

        void input(Input input) {
            if (running != this) {
                return;
            }
            service.on(input, world.clock(id()), effects::add);
            List<Effect> now = List.copyOf(effects);
            effects.clear();
            now.forEach(this::carryOut);
        }

        void received(SimulatedNetwork.Datagram datagram) {
            Packet packet = SimulatedNetwork.decode(datagram.bytes());
            world.trace().line(id(), "hears " + Tale.of(packet));
            world.facts().accept(new Fact.RequestHeard(id(), packet));
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
                case Effect.AppendJournal(long token, CellId cell, var _, var records) -> {
                    disk.journal(cell, records);
                    world.queue().after(Duration.ofMillis(1), () -> input(new Input.JournalSynced(token)));
                }
                case Effect.SendPeer(CellId cell, ServerId to, var message) -> cluster.say(id(), to, cell, message);
                case Effect.SetTimer(long token, Duration delay) ->
                    world.queue().after(delay, () -> input(new Input.TimerFired(token)));
                case Effect.Report(var event, String subject) -> world.count(event.name());
                case Effect.PacketEnded _ -> {}
                case Effect.TrippedOver(RuntimeException defect) -> throw defect;
            }
        }

        void said(CellId cell, ServerId from, PeerMessage message) {
            input(new Input.PeerSaid(cell, from, message));
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
