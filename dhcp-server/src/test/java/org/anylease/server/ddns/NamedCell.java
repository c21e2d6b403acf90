package org.anylease.server.ddns;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.anylease.server.config.ConfigFile;
import org.anylease.server.config.ConfigReading;
import org.anylease.server.config.ConfigSource;
import org.anylease.server.config.SystemConfig;
import org.anylease.server.dns.DnsPolicy;
import org.anylease.server.port.Timeout;
import org.anylease.server.port.Timers;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.Incarnation;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.Batch;
import org.anylease.store.command.Entry;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.RequestKind;
import org.anylease.store.config.CellConfig;
import org.anylease.store.dns.DnsEntry;
import org.anylease.store.dns.DnsRecord;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;
import org.anylease.store.replication.LeaseLog;
import org.anylease.store.replication.Proposal;
import org.anylease.store.replication.QuorumState;
import org.anylease.store.state.LeaseTable;
import org.jspecify.annotations.Nullable;

/** A cell whose entries are applied at once, the servers that may lead it, and a clock that a test moves on. */
final class NamedCell {
    static final CellId CELL = new CellId("default");

    /** A cell without any leases. */
    static final CellId OTHER = new CellId("other");

    private static final SystemConfig SYSTEM = system();

    final LeaseTable table = new LeaseTable(CELL);
    private final LeaseTable otherTable = new LeaseTable(OTHER);
    private final List<Server> servers = new ArrayList<>();
    private final ArrayDeque<Runnable> loop = new ArrayDeque<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private long sequence;
    private @Nullable Server leader;
    private @Nullable Server otherLeader;

    NamedCell() {
        CellConfig config = SYSTEM.slices(1).getFirst();
        commit(new LeaseCommand.ApplyConfig(config, 0, "test", Octets.EMPTY));
    }

    private static SystemConfig system() {
        String text = """
            cluster: test
            service-address: 192.0.2.67
            sites: { dc1: { servers: { a: 10.9.0.1, b: 10.9.0.2 } } }
            dns:
              domain: example.net
              servers: 10.9.0.53
              zones: { example.net: { }, 0.10.in-addr.arpa: { } }
            networks: { lan: { subnets: { 10.0.0.0/16: { pools: [10.0.1.0-10.0.2.255], lease: 2h } } } }
            """;
        return ConfigFile.system(ConfigSource.of("test.yaml", text))
                        instanceof ConfigReading.Accepted<SystemConfig> read
                ? read.value()
                : failed();
    }

    private static SystemConfig failed() {
        throw new AssertionError("the test's own configuration is refused");
    }

    static @Nullable DnsPolicy policy() {
        return SYSTEM.dns();
    }

    /** An update that a server sent and that has no answer yet. */
    record Sent(Ipv4 address, String name, boolean removing, Consumer<NameUpdates.Result> listener) {
        void answer(NameUpdates.Result result) {
            listener.accept(result);
        }
    }

    /** A server: what it sent, in order. */
    final class Server implements LeaseLog, Timers {
        final ServerId id;
        final List<Sent> sent = new ArrayList<>();
        final List<String> events = new ArrayList<>();
        final DnsUpkeep upkeep;
        private @Nullable Runnable timer;

        Server(String name) {
            id = new ServerId(name);
            upkeep = new DnsUpkeep(new DnsUpkeep.Ports(
                    id,
                    this,
                    this,
                    loop::add,
                    () -> now,
                    (address, record, _, listener) -> sent.add(
                            new Sent(address, record.name(), record.phase() == DnsRecord.Phase.REMOVING, listener)),
                    (listed, part) -> loop.add(() -> part.accept(listed.equals(CELL) ? held() : List.of())),
                    (event, details) -> events.add(event.id() + " " + details)));
            servers.add(this);
        }

        @Override
        public Timeout after(Duration delay, Runnable task) {
            timer = task;
            return () -> timer = null;
        }

        @Override
        public void propose(
                CellId cell, LeaseCommand command, @Nullable Instant validUntil, ProposalListener listener) {
            loop.add(() -> listener.settled(commit(command)));
        }

        @Override
        public List<CellId> cells() {
            return List.of(CELL, OTHER);
        }

        @Override
        public LeaseTable table(CellId cell) {
            return cell.equals(CELL) ? table : otherTable;
        }

        @Override
        public LogIndex durable(CellId cell) {
            return table(cell).appliedIndex();
        }

        @Override
        public QuorumState quorum(CellId cell) {
            Server leading = cell.equals(CELL) ? leader : otherLeader;
            return new QuorumState(leading == null ? null : leading.id, leading != null, now);
        }

        @Override
        public void observe(Observer observer) {
            throw new AssertionError("it hears of entries from its owner");
        }
    }

    private List<Ipv4> held() {
        List<Ipv4> held = new ArrayList<>();
        for (int host = 0x0a000100; host <= 0x0a0002ff; host++) {
            Ipv4 address = new Ipv4(host);
            if (table.binding(address).map(Binding::state).orElse(BindingState.FREE) == BindingState.ACTIVE) {
                held.add(address);
            }
        }
        return held;
    }

    Proposal.Committed commit(LeaseCommand command) {
        Batch batch = new Batch(new Incarnation(new ServerId("a"), 1), ++sequence, List.of(command));
        LogIndex index = new LogIndex(table.appliedIndex().value() + 1);
        var applied = table.apply(index, new Entry(now, List.of(batch)));
        servers.forEach(server -> server.upkeep.applied(CELL, table));
        return new Proposal.Committed(
                index, applied.batches().getFirst().outcomes().getFirst());
    }

    void leads(Server server) {
        leader = server;
    }

    void leadsOther(Server server) {
        otherLeader = server;
    }

    /** A server that serves by the policy from now on. */
    Server server(String name) {
        Server server = new Server(name);
        server.upkeep.policy(policy());
        server.upkeep.start();
        return server;
    }

    /** Lets time pass in steps in which every server has its turn. */
    void pass(Duration time) {
        Instant end = now.plus(time);
        while (now.isBefore(end)) {
            now = now.plusMillis(200);
            for (Server server : servers) {
                Runnable turn = server.timer;
                server.timer = null;
                if (turn != null) {
                    turn.run();
                }
            }
            settle();
        }
    }

    void settle() {
        for (Runnable next = loop.poll(); next != null; next = loop.poll()) {
            next.run();
        }
    }

    static Ipv4 address(int number) {
        return new Ipv4(0x0a000100 + number);
    }

    private static LeaseClient client(int number) {
        Octets hardware =
                Octets.of((byte) 1, (byte) 2, (byte) 0, (byte) 0, (byte) 0, (byte) (number >> 8), (byte) number);
        return new LeaseClient(
                new ClientId(ClientId.Kind.HARDWARE, hardware),
                hardware,
                "pc" + number,
                Octets.EMPTY,
                Ipv4.UNSPECIFIED);
    }

    void lease(int number) {
        commit(new LeaseCommand.CommitLease(client(number), "lan", address(number), RequestKind.SELECTING, null));
    }

    void release(int number) {
        Binding binding = table.binding(address(number)).orElseThrow();
        commit(new LeaseCommand.ReleaseLease(client(number).id(), address(number), binding.index()));
    }

    /** What is on record: the phase, or "none". */
    String phase(int number) {
        return table.dns()
                .of(address(number))
                .map(DnsEntry::record)
                .map(record -> record.phase().name())
                .orElse("none");
    }
}
