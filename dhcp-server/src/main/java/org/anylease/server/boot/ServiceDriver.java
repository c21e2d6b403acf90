package org.anylease.server.boot;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.anylease.server.action.Act;
import org.anylease.server.action.LeaseActions;
import org.anylease.server.core.CellViews;
import org.anylease.server.core.DhcpService;
import org.anylease.server.core.Effect;
import org.anylease.server.core.Input;
import org.anylease.server.core.LocalServer;
import org.anylease.server.dns.DnsPolicy;
import org.anylease.server.dns.HostNaming;
import org.anylease.server.event.PacketKind;
import org.anylease.server.event.PacketOutcome;
import org.anylease.server.partition.Autonomy;
import org.anylease.server.partition.PeerMessage;
import org.anylease.server.partition.ServingMode;
import org.anylease.server.port.AddressProbe;
import org.anylease.server.port.Arrival;
import org.anylease.server.port.DatagramReceiver;
import org.anylease.server.port.LocalJournal;
import org.anylease.server.port.Network;
import org.anylease.server.port.Peers;
import org.anylease.server.port.Timers;
import org.anylease.server.script.CommandRunner;
import org.anylease.server.telemetry.ServerMetrics.Stage;
import org.anylease.server.wire.Decoded;
import org.anylease.server.wire.Encoded;
import org.anylease.server.wire.PacketCodec;
import org.anylease.store.address.Ipv4;
import org.anylease.store.alone.JournalRecord;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.replication.LeaseLog;
import org.anylease.store.replication.Proposal;
import org.anylease.store.replication.QuorumState;
import org.anylease.store.state.Applied;
import org.anylease.store.state.LeaseTable;
import org.jspecify.annotations.Nullable;

/**
 * Carries inputs to the service and its effects out to the ports. Confined to the loop.
 *
 * <p>No port answers from within a call, so the service is never entered twice.
 */
final class ServiceDriver implements DatagramReceiver, LeaseLog.Observer {
    private final DhcpService service;
    private static final Duration CLOCK_PERIOD = Duration.ofSeconds(1);

    private final Ports ports;
    private final ClockWatch clockWatch;
    private final Reporting reporting;
    private final AppliedListener appliedListener;
    private final Consumer<Effect> out = this::carryOut;
    private final ByteBuffer reply = ByteBuffer.allocate(PacketCodec.DATAGRAM_BYTES_MAX);

    /** What the effects are carried out by. */
    record Ports(
            Network network,
            AddressProbe probe,
            Timers timers,
            LeaseLog log,
            LocalJournal journal,
            Peers peers,
            InstantSource clock,
            CommandRunner commands) {}

    /** Hears what was applied here, after the service has. */
    interface AppliedListener {
        void applied(CellId cell, Applied applied);

        void configurationMayHaveChanged(CellId cell);
    }

    ServiceDriver(LocalServer local, Ports ports, Reporting reporting, AppliedListener appliedListener) {
        this.service = new DhcpService(local, CellViews.of(ports.log), ports.journal::load);
        this.ports = ports;
        this.clockWatch = new ClockWatch(ports.clock, (trusted, reason) -> on(new Input.ClockTrusted(trusted, reason)));
        this.reporting = reporting;
        this.appliedListener = appliedListener;
    }

    void start() {
        ports.log.observe(this);
        on(new Input.Started());
        watchClock();
        ports.peers.listen((cell, from, message) -> on(new Input.PeerSaid(cell, from, message)));
    }

    /** What comparing this server's clock with its peers' has come to; on the loop. */
    void clockCompared(boolean near, String reason) {
        clockWatch.compared(near, reason);
    }

    /** Agrees with clients on their names as is wanted of DNS, or not at all; on the loop. */
    void nameBy(@Nullable DnsPolicy policy) {
        on(new Input.NamingChanged(policy == null ? null : new HostNaming(policy)));
    }

    /** Does these when something happens to leases; on the loop. */
    void actBy(LeaseActions actions) {
        on(new Input.ActionsChanged(actions));
    }

    private void watchClock() {
        ports.log.cells().stream()
                .flatMap(cell -> ports.log.table(cell).config().stream())
                .map(config -> config.timers().skew())
                .min(Duration::compareTo)
                .ifPresent(clockWatch::look);
        ports.timers.after(CLOCK_PERIOD, this::watchClock);
    }

    /** How this server serves a cell; on the loop. */
    ServingMode mode(CellId cell) {
        return service.mode(cell, ports.clock.instant());
    }

    /** How well this server could serve a cell alone; on the loop. */
    Autonomy autonomy(CellId cell) {
        return service.autonomy(cell, ports.clock.instant());
    }

    /** Everything that this server promised alone, and the cell has not committed yet; on the loop. */
    List<JournalRecord.Promise> promisedAlone(CellId cell) {
        return service.promisedAlone(cell);
    }

    /** What this server promised alone of an address, and the cell has not committed yet; on the loop. */
    Optional<JournalRecord.Promise> promisedAlone(CellId cell, Ipv4 address) {
        return service.promisedAlone(cell, address);
    }

    /** Gives back what is set aside for this server of these addresses, and no client has; on the loop. */
    void recallEscrow(CellId cell, List<Ipv4> addresses) {
        on(new Input.EscrowRecalled(cell, addresses));
    }

    /** Commits what this server promised alone and reports to a cell's leader, as if that had asked for it; on the loop. */
    void report(CellId cell, ServerId leader, LogIndex upTo) {
        on(new Input.PeerSaid(cell, leader, new PeerMessage.ReportWanted(upTo)));
    }

    /** Takes a datagram. One that the codec trips over is dropped and told, as the service does with its own. */
    @Override
    public void received(Arrival arrival, ByteBuffer datagram) {
        Decoded decoded;
        try {
            decoded = PacketCodec.decode(datagram);
        } catch (RuntimeException e) {
            reporting.ended(PacketKind.OTHER, PacketOutcome.DROPPED);
            reporting.trippedOver(e);
            return;
        }
        switch (decoded) {
            case Decoded.Ok(var packet) -> on(new Input.PacketArrived(packet, arrival));
            case Decoded.Malformed(var reason, String _) -> reporting.malformed(reason);
        }
    }

    @Override
    public void applied(CellId cell, Applied applied) {
        if (applied.configChanged()) {
            on(new Input.CellChanged(cell));
            appliedListener.configurationMayHaveChanged(cell);
        }
        if (service.followsExpiry(cell)) {
            tellRanOut(cell, applied.index());
        }
        appliedListener.applied(cell, applied);
    }

    private void tellRanOut(CellId cell, LogIndex index) {
        LeaseTable table = ports.log.table(cell);
        List<Binding> bindings = table.changedByLastEntry().stream()
                .flatMap(address -> table.binding(address).stream())
                .filter(binding -> binding.state() == BindingState.EXPIRED
                        && binding.index().equals(index))
                .toList();
        if (!bindings.isEmpty()) {
            on(new Input.LeasesRanOut(cell, index, bindings));
        }
    }

    @Override
    public void reloaded(CellId cell) {
        on(new Input.CellChanged(cell));
        appliedListener.configurationMayHaveChanged(cell);
    }

    @Override
    public void quorumChanged(CellId cell, QuorumState state) {
        on(new Input.QuorumChanged(cell, state));
    }

    private void on(Input input) {
        service.on(input, ports.clock.instant(), out);
    }

    private void carryOut(Effect effect) {
        switch (effect) {
            case Effect.SendReply send -> send(send);
            case Effect.StartProbe(long token, var address, var timeout) -> {
                long begun = System.nanoTime();
                ports.probe.probe(address, timeout, (_, result) -> {
                    reporting.probed(result, System.nanoTime() - begun);
                    on(new Input.ProbeFinished(token, result));
                });
            }
            case Effect.Propose(long token, CellId cell, var command, var validUntil) -> {
                long begun = System.nanoTime();
                ports.log.propose(cell, command, validUntil, proposal -> {
                    reporting.took(Stage.COMMIT, System.nanoTime() - begun);
                    if (proposal instanceof Proposal.Committed) {
                        clockWatch.agreed();
                    }
                    on(new Input.ProposalSettled(token, proposal));
                });
            }
            case Effect.AppendJournal(long token, CellId cell, var _, var records) ->
                ports.journal.append(cell, records, () -> on(new Input.JournalSynced(token)));
            case Effect.SendPeer(CellId cell, var to, var message) -> ports.peers.send(to, cell, message);
            case Effect.SetTimer(long token, var delay) ->
                ports.timers.after(delay, () -> on(new Input.TimerFired(token)));
            case Effect.Report(var event, String subject) -> reporting.happened(event, subject);
            case Effect.PacketEnded(var kind, var outcome) -> reporting.ended(kind, outcome);
            case Effect.TrippedOver(RuntimeException defect) -> reporting.trippedOver(defect);
            case Effect.Do(Act.Line line) -> reporting.logged(line);
            case Effect.Do(Act.Incomplete _) -> reporting.ranNothing();
            case Effect.Do(Act.Run(String _, String command, var arguments)) -> ports.commands.run(command, arguments);
        }
    }

    private void send(Effect.SendReply send) {
        reply.clear();
        Encoded encoded = PacketCodec.encode(send.packet(), send.limits(), reply);
        reply.position(0).limit(encoded.length());
        ports.network.send(send.way(), reply);
        reporting.sent(encoded);
        reporting.took(
                Stage.REPLY,
                Duration.between(send.asked(), ports.clock.instant()).toNanos());
    }
}
