package org.anylease.server.core;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.anylease.server.port.Arrival;
import org.anylease.server.port.Endpoint;
import org.anylease.server.port.ProbeResult;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.alone.JournalRecord;
import org.anylease.store.alone.PromiseJournal;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.Incarnation;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.Batch;
import org.anylease.store.command.Entry;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.config.CellConfig;
import org.anylease.store.replication.Proposal;
import org.anylease.store.replication.QuorumState;
import org.anylease.store.state.LeaseTable;

/**
 * What a configuration has the service answer: the service itself, over cells in memory that have just been configured,
 * where whatever is proposed is committed and nobody answers a probe. Nothing of it leaves the process.
 */
public final class Rehearsal {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String AUTHOR = "rehearsal";

    /** No packet takes more steps than that: each is a commit or a probe. */
    private static final int STEPS_MAX = 64;

    private final SortedMap<CellId, LeaseTable> tables = new TreeMap<>();
    private final ArrayDeque<Effect> open = new ArrayDeque<>();
    private final ArrayDeque<Packet> sent = new ArrayDeque<>();
    private final ServerId self;
    private final DhcpService service;
    private long sequence;

    private Rehearsal(List<CellConfig> configs) {
        self = configs.getFirst().members().getFirst().server();
        for (CellConfig config : configs) {
            LeaseTable table = new LeaseTable(config.cell());
            tables.put(config.cell(), table);
            boolean _ = commit(table, new LeaseCommand.ApplyConfig(config, 0, AUTHOR, Octets.EMPTY))
                    instanceof Proposal.Committed;
        }
        PromiseJournal journal = PromiseJournal.restore(List.of(new JournalRecord.Born(LogIndex.NONE, Instant.EPOCH)));
        service = new DhcpService(LocalServer.of(self, new TreeMap<>()), new Views(), _ -> journal);
        service.on(new Input.Started(), NOW, _ -> {});
    }

    /** The cells, as the service sees them. */
    private final class Views implements CellViews {
        @Override
        public List<CellId> cells() {
            return List.copyOf(tables.keySet());
        }

        @Override
        public LeaseTable table(CellId cell) {
            LeaseTable table = tables.get(cell);
            if (table == null) {
                throw new IllegalArgumentException("there is no cell " + cell);
            }
            return table;
        }

        @Override
        public LogIndex durable(CellId cell) {
            return table(cell).appliedIndex();
        }

        @Override
        public QuorumState quorum(CellId cell) {
            return new QuorumState(self, true, NOW);
        }
    }

    /**
     * What a client behind a relay is answered whom nobody has seen before, while all addresses are free.
     *
     * @param configs all cells' configurations
     * @param packet what the client sends, with its relay's address
     * @return the reply; nothing when it is not answered
     */
    public static Optional<Packet> answer(List<CellConfig> configs, Packet packet) {
        return new Rehearsal(configs).answer(packet);
    }

    private Optional<Packet> answer(Packet packet) {
        Arrival arrival = new Arrival(0, Ipv4.UNSPECIFIED, "", packet.giaddr(), Endpoint.SERVER_PORT, false);
        service.on(new Input.PacketArrived(packet, arrival), NOW, this::hear);
        for (int step = 0; step < STEPS_MAX && !open.isEmpty(); step++) {
            switch (open.remove()) {
                case Effect.Propose propose ->
                    service.on(
                            new Input.ProposalSettled(
                                    propose.token(), commit(new Views().table(propose.cell()), propose.command())),
                            NOW,
                            this::hear);
                case Effect.StartProbe probe ->
                    service.on(new Input.ProbeFinished(probe.token(), new ProbeResult.Silent()), NOW, this::hear);
                default -> throw new IllegalStateException("nothing else is awaited");
            }
        }
        return Optional.ofNullable(sent.poll());
    }

    private void hear(Effect effect) {
        switch (effect) {
            case Effect.SendReply reply -> sent.add(reply.packet());
            case Effect.Propose _, Effect.StartProbe _ -> open.add(effect);
            case Effect.TrippedOver(RuntimeException defect) -> throw defect;
            // Timers never run out here, and nobody counts.
            case Effect.SetTimer _,
                    Effect.Report _,
                    Effect.PacketEnded _,
                    Effect.Do _,
                    Effect.AppendJournal _,
                    Effect.SendPeer _ -> {}
        }
    }

    private Proposal commit(LeaseTable table, LeaseCommand command) {
        LogIndex index = new LogIndex(table.appliedIndex().value() + 1);
        Entry entry = new Entry(NOW, List.of(new Batch(new Incarnation(self, 1), ++sequence, List.of(command))));
        var applied = table.apply(index, entry);
        return new Proposal.Committed(
                index, applied.batches().getFirst().outcomes().getFirst());
    }
}
